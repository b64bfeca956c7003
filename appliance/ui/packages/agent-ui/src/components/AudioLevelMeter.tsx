import type { Level } from '../audio/level';
import { useLevel } from '../hooks/useAudioCall';

const BARS = 9;

type Props = Readonly<{
  /** 0 silent to 1 as loud as can be. */
  level: number;
  label: string;
  muted?: boolean;
}>;

export function AudioLevelMeter({ level, label, muted = false }: Props) {
  const shown = muted ? 0 : Math.round(Math.min(1, Math.max(0, level)) * BARS);
  return (
    <span className="au-meter">
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> is not drawn as bars everywhere */}
      <span
        className="au-meter__bars"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((shown / BARS) * 100)}
      >
        {Array.from({ length: BARS }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
          <span key={n} className={`au-meter__bar ${n < shown ? 'au-meter__bar--on' : ''}`} />
        ))}
      </span>
      <span aria-hidden="true">{label}</span>
    </span>
  );
}

/** The same, following a level twelve times a second without drawing anything else anew. */
export function LiveLevelMeter({
  source,
  ...rest
}: Readonly<{ source: Level }> & Omit<Props, 'level'>) {
  return <AudioLevelMeter level={useLevel(source)} {...rest} />;
}
