import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import type { Advice, Part } from '../call/state';
import { useTexts } from '../texts/Texts';
import { AdviceCard } from './AdviceCard';
import { Button } from './Button';

type Props = Readonly<{
  /** What is current; null when there is nothing. */
  advice: Advice | null;
  /** Older ones, oldest first. */
  earlier?: readonly Advice[];
  /** The customer's words that the current one answers. */
  answers?: string;
  /** Those that led to the article it rests on. */
  trigger?: string;
  /** How the part of the box that writes advice is doing. */
  part: Part;
  onUse: (advice: Advice) => void;
  onCopy: (advice: Advice) => void;
  onDismiss: (advice: Advice, reason: string) => void;
  onStop: (advice: Advice) => void;
  onAsk: (question: string) => void;
}>;

const EARLIER_SHOWN = 5;

export function AISuggestionPanel({
  advice,
  earlier = [],
  answers = '',
  trigger = '',
  part,
  ...on
}: Props) {
  const texts = useTexts().advice;
  const usable = part.state !== 'off' && part.state !== 'paused';
  const past = earlier.filter(isWhole).slice(-EARLIER_SHOWN);
  const said = advice !== null && (advice.action !== 'none' || advice.suggestion !== '');
  const silence = advice === null && past.length === 0 ? texts.waiting : texts.listening;
  return (
    <section className="au-advice" aria-label={texts.label}>
      <Notice part={part} />
      {/* Polite, not assertive: a screen reader must not talk over the caller. */}
      <div aria-live="polite" aria-atomic="false" aria-busy={advice?.status === 'streaming'}>
        {said && (
          <AdviceCard key={advice.id} advice={advice} answers={answers} trigger={trigger} {...on} />
        )}
        {!said && usable && <p className="au-empty">{silence}</p>}
      </div>
      <Earlier advice={past} />
      <AskBox disabled={!usable} onAsk={on.onAsk} />
    </section>
  );
}

function Earlier({ advice }: Readonly<{ advice: readonly Advice[] }>) {
  const texts = useTexts().advice;
  if (advice.length === 0) return null;
  return (
    <div>
      <h3 className="au-card__title">{texts.earlier}</h3>
      <ul className="au-advice__past">
        {advice.toReversed().map((old) => (
          <li key={old.id} className="au-advice__old" dir="auto">
            {old.suggestion}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Not cut off because the talk went on. */
function isWhole({ suggestion, status }: Advice): boolean {
  return suggestion !== '' && status !== 'superseded';
}

function Notice({ part }: Readonly<{ part: Part }>) {
  const { advice } = useTexts();
  if (part.state !== 'off' && part.state !== 'paused') return null;
  return (
    <p className="au-alert" role="status">
      {advice[part.state]}
    </p>
  );
}

function AskBox({ disabled, onAsk }: Readonly<{ disabled: boolean; onAsk: Props['onAsk'] }>) {
  const { advice } = useTexts();
  const [question, setQuestion] = useState('');
  const ask = () => {
    onAsk(question.trim());
    setQuestion('');
  };
  return (
    <form
      className="au-advice__ask"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <input
        className="au-field"
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
        placeholder={advice.questionHint}
        aria-label={advice.question}
        disabled={disabled}
        maxLength={300}
        data-shortcut="ask"
      />
      <Button type="submit" disabled={disabled} icon={<Sparkles size={16} />}>
        {advice.ask}
      </Button>
    </form>
  );
}
