import { Check, Copy, CornerDownLeft, Square, X } from 'lucide-react';
import { useState } from 'react';
import type { Advice } from '../call/state';
import { useTexts } from '../texts/Texts';
import { AdviceSources } from './AdviceSources';
import { Button } from './Button';

type Props = Readonly<{
  advice: Advice;
  answers: string;
  trigger: string;
  onUse: (advice: Advice) => void;
  onCopy: (advice: Advice) => void;
  onDismiss: (advice: Advice, reason: string) => void;
  onStop: (advice: Advice) => void;
}>;

const SIZE = 16;
const REASONS = ['wrong', 'known', 'late', 'other'] as const;

export function AdviceCard({ advice, answers, trigger, onDismiss, ...on }: Props) {
  const texts = useTexts().advice;
  const [asksWhy, setAsksWhy] = useState(false);
  const writing = advice.status === 'streaming';
  return (
    <article className="au-advice__card">
      <Head advice={advice} />
      {answers !== '' && (
        <p className="au-advice__answers" dir="auto">
          <span className="au-visually-hidden">{texts.answers}: </span>
          {answers}
        </p>
      )}
      <p
        className={`au-advice__text ${writing ? 'au-advice__text--writing' : ''}`}
        dir="auto"
        data-testid="advice"
      >
        {advice.suggestion}
      </p>
      {advice.reasoning !== '' && (
        <p className="au-advice__why" dir="auto">
          {advice.reasoning}
        </p>
      )}
      <AdviceSources advice={advice} trigger={trigger} />
      <Note advice={advice} />
      {asksWhy ? (
        <Reasons onChoose={(reason) => onDismiss(advice, reason)} />
      ) : (
        <Buttons advice={advice} onDismiss={() => setAsksWhy(true)} {...on} />
      )}
    </article>
  );
}

function Head({ advice }: Readonly<{ advice: Advice }>) {
  const texts = useTexts().advice;
  const percent = Math.round(Math.min(1, Math.max(0, advice.confidence)) * 100);
  return (
    <div className="au-advice__head">
      <span className="au-advice__action">{texts.actions[advice.action] ?? advice.action}</span>
      <span className="au-advice__sure">
        {texts.sure(percent)}
        <span className="au-advice__scale" aria-hidden="true">
          <span className="au-advice__share" style={{ display: 'block', width: `${percent}%` }} />
        </span>
      </span>
    </div>
  );
}

function Note({ advice }: Readonly<{ advice: Advice }>) {
  const texts = useTexts().advice;
  if (advice.status !== 'stopped' && advice.status !== 'unavailable') return null;
  return <p className="au-empty">{texts[advice.status]}</p>;
}

function Buttons({
  advice,
  onUse,
  onCopy,
  onStop,
  onDismiss,
}: Readonly<Omit<Props, 'answers' | 'trigger' | 'onDismiss'> & { onDismiss: () => void }>) {
  const texts = useTexts().advice;
  if (advice.status === 'streaming') {
    return (
      <div className="au-advice__do">
        <Button onClick={() => onStop(advice)} icon={<Square size={SIZE} />}>
          {texts.stop}
        </Button>
      </div>
    );
  }
  const empty = advice.suggestion === '';
  const [used, copied] = [advice.verdict === 'used', advice.verdict === 'copied'];
  return (
    <div className="au-advice__do">
      <Button
        look="primary"
        disabled={empty}
        onClick={() => onUse(advice)}
        icon={used ? <Check size={SIZE} /> : <CornerDownLeft size={SIZE} />}
      >
        {used ? texts.used : texts.use}
      </Button>
      <Button
        disabled={empty}
        onClick={() => onCopy(advice)}
        icon={copied ? <Check size={SIZE} /> : <Copy size={SIZE} />}
      >
        {copied ? texts.copied : texts.copy}
      </Button>
      <Button look="quiet" onClick={onDismiss} icon={<X size={SIZE} />}>
        {texts.dismiss}
      </Button>
    </div>
  );
}

function Reasons({ onChoose }: Readonly<{ onChoose: (reason: string) => void }>) {
  const texts = useTexts().advice;
  return (
    <fieldset className="au-advice__reasons" aria-label={texts.why}>
      <span>{texts.why}</span>
      <span className="au-advice__do">
        {REASONS.map((reason) => (
          <Button key={reason} size="small" onClick={() => onChoose(reason)}>
            {texts.reasons[reason]}
          </Button>
        ))}
      </span>
    </fieldset>
  );
}
