import { CircleDot, CirclePause, Mic, MicOff, Pause, PhoneOff, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/Texts';
import { Button } from './Button';

type Props = Readonly<{
  muted: boolean;
  onMute: (on: boolean) => void;
  /** Left out: the person may not put anyone on hold, or pause the transcript. */
  holding?: boolean;
  onHold?: (on: boolean) => void;
  paused?: boolean;
  onPause?: (on: boolean) => void;
  onEnd: () => void;
  disabled?: boolean;
}>;

const SIZE = 18;

export function CallControls({ muted, onMute, holding, onHold, paused, onPause, ...rest }: Props) {
  const { controls } = useTexts();
  return (
    <fieldset className="au-controls" aria-label={controls.label} disabled={rest.disabled}>
      <Toggle
        on={muted}
        onChange={onMute}
        words={[controls.mute, controls.unmute]}
        icons={[<Mic key="off" size={SIZE} />, <MicOff key="on" size={SIZE} />]}
      />
      {onHold && (
        <Toggle
          on={holding ?? false}
          onChange={onHold}
          words={[controls.hold, controls.unhold]}
          icons={[<Pause key="off" size={SIZE} />, <Play key="on" size={SIZE} />]}
        />
      )}
      {onPause && (
        <Toggle
          on={paused ?? false}
          onChange={onPause}
          words={[controls.pause, controls.unpause]}
          icons={[<CirclePause key="off" size={SIZE} />, <CircleDot key="on" size={SIZE} />]}
        />
      )}
      <Button
        look="danger"
        className="au-controls__end"
        onClick={rest.onEnd}
        icon={<PhoneOff size={SIZE} />}
      >
        {controls.end}
      </Button>
    </fieldset>
  );
}

/** The word says what a click will do; the colour, that something is unusual now. */
function Toggle({
  on,
  onChange,
  words,
  icons,
}: Readonly<{
  on: boolean;
  onChange: (on: boolean) => void;
  words: readonly [string, string];
  icons: readonly [ReactNode, ReactNode];
}>) {
  return (
    <Button
      className={on ? 'au-button--on' : ''}
      onClick={() => onChange(!on)}
      icon={icons[on ? 1 : 0]}
    >
      {words[on ? 1 : 0]}
    </Button>
  );
}
