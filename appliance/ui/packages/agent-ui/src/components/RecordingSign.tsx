import { Circle, CircleDot, CircleOff, TriangleAlert } from 'lucide-react';
import type { RecordingNow, Role } from '../call/state';
import { useTexts } from '../texts/Texts';
import { Button } from './Button';

type Props = Readonly<{
  recording: RecordingNow;
  viewer: Role;
  /** Payment mode: nothing is kept, whatever else is the case. */
  paused?: boolean;
  /** The customer agrees, or does not any more. */
  onChange?: (on: boolean) => void;
}>;

/** Says whether what is said is kept as sound, and lets people decide where they may. */
export function RecordingSign({ recording, viewer, paused = false, onChange }: Props) {
  const texts = useTexts().recording;
  const { state, choice } = recording;
  const now = paused && state === 'on' ? 'paused' : state;
  const ask = texts.ask[viewer];
  const on = state === 'on' || state === 'failing';
  return (
    <div className="au-recording">
      <p className={`au-recording__now au-recording__now--${now}`} role="status">
        {now !== 'off' && (
          <>
            <Icon state={now} />
            <span>{texts.states[viewer][now]}</span>
          </>
        )}
      </p>
      {choice && onChange && (
        <Button look={on ? 'quiet' : 'plain'} onClick={() => onChange(!on)}>
          {on ? ask.stop : ask.start}
        </Button>
      )}
    </div>
  );
}

function Icon({ state }: Readonly<{ state: RecordingNow['state'] | 'paused' }>) {
  if (state === 'on') return <CircleDot size={16} aria-hidden="true" />;
  if (state === 'failing') return <TriangleAlert size={16} aria-hidden="true" />;
  if (state === 'waiting') return <Circle size={16} aria-hidden="true" />;
  return <CircleOff size={16} aria-hidden="true" />;
}
