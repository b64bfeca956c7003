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
  /** How the part of the box that writes advice is doing. */
  part: Part;
  onUse: (advice: Advice) => void;
  onCopy: (advice: Advice) => void;
  onDismiss: (advice: Advice, reason: string) => void;
  onStop: (advice: Advice) => void;
  onAsk: (question: string) => void;
}>;

const EARLIER_SHOWN = 5;

export function AISuggestionPanel({ advice, earlier = [], answers = '', part, ...on }: Props) {
  const texts = useTexts();
  const usable = part.state !== 'off' && part.state !== 'paused';
  const past = earlier.filter((old) => old.suggestion !== '').slice(-EARLIER_SHOWN);
  return (
    <section className="au-advice" aria-label={texts.advice.label}>
      <Notice part={part} />
      {/* Polite, not assertive: a screen reader must not talk over the caller. */}
      <div aria-live="polite" aria-atomic="false" aria-busy={advice?.status === 'streaming'}>
        {advice === null || (advice.action === 'none' && advice.suggestion === '') ? (
          <p className="au-empty">
            {advice === null ? usable && texts.advice.waiting : texts.advice.listening}
          </p>
        ) : (
          <AdviceCard key={advice.id} advice={advice} answers={answers} {...on} />
        )}
      </div>
      <AskBox disabled={!usable} onAsk={on.onAsk} />
      {past.length > 0 && (
        <div>
          <h3 className="au-card__title">{texts.advice.earlier}</h3>
          <ul className="au-advice__past">
            {past.toReversed().map((old) => (
              <li key={old.id} className="au-advice__old" dir="auto">
                {old.suggestion}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
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
