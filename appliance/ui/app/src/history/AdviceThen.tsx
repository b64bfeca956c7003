/** Advice as it stood on the screen then, and what became of it. */

import { type Advice, AdviceSources, useTexts } from '@agent/ui';

type Props = Readonly<{ advice: Advice; trigger: string }>;

export function AdviceThen({ advice, trigger }: Props) {
  const texts = useTexts().advice;
  const became: Readonly<Record<string, string>> = {
    used: texts.used,
    copied: texts.copied,
    dismissed: texts.dismissed,
  };
  return (
    <article className="au-advice__card au-advice__card--past">
      <div className="au-advice__head">
        <span className="au-advice__action">{texts.actions[advice.action] ?? advice.action}</span>
        <span className="au-advice__sure">{texts.sure(Math.round(advice.confidence * 100))}</span>
      </div>
      <p className="au-advice__text" dir="auto">
        {advice.suggestion}
      </p>
      <p className="au-advice__why" dir="auto">
        {advice.reasoning}
      </p>
      <AdviceSources advice={advice} trigger={trigger} />
      {advice.verdict !== null && became[advice.verdict] && (
        <span className={`au-badge ${advice.verdict === 'dismissed' ? '' : 'au-badge--good'}`}>
          {became[advice.verdict]}
        </span>
      )}
      {advice.fate !== null && (
        <span className={`au-badge ${advice.fate === 'said' ? 'au-badge--good' : ''}`}>
          {texts[advice.fate]}
        </span>
      )}
    </article>
  );
}
