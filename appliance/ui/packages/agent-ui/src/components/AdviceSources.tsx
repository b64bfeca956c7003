/** What an advice rests on: the article, the passage on demand, and who brought it up. */

import { BookOpen } from 'lucide-react';
import type { Advice } from '../call/state';
import { useTexts } from '../texts/Texts';
import type { Source } from '../wire/types';

type Props = Readonly<{
  advice: Advice;
  /** The line of the customer that led to the article. */
  trigger?: string;
}>;

export function AdviceSources({ advice, trigger = '' }: Props) {
  const texts = useTexts().advice;
  if (advice.suggestion === '' || advice.status === 'unavailable') return null;
  if (advice.sources.length === 0) return <p className="au-empty">{texts.ungrounded}</p>;
  return (
    <>
      {advice.sources.map((source) => (
        <details key={`${source.article} ${source.section}`} className="au-advice__source">
          <summary>
            <BookOpen size={14} aria-hidden="true" />
            <span className="au-visually-hidden">{texts.source}: </span>
            <span dir="auto">{titleOf(source)}</span>
          </summary>
          <Passage source={source} />
          {trigger !== '' && (
            <p className="au-empty" dir="auto">
              {texts.trigger}: {trigger}
            </p>
          )}
        </details>
      ))}
    </>
  );
}

function titleOf({ title, section }: Source): string {
  return [title, section].filter(Boolean).join(' › ');
}

function Passage({ source }: Readonly<{ source: Source }>) {
  if (source.steps.length === 0) return <p dir="auto">{source.text}</p>;
  return (
    <ol start={source.first_step}>
      {source.steps.map((step) => (
        <li key={step} dir="auto">
          {step}
        </li>
      ))}
    </ol>
  );
}
