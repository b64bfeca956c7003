import { Button, clock } from '@agent/ui';
import { Pause, Play } from 'lucide-react';
import { useMemo } from 'react';
import { useKeys } from '../agent/useKeys';
import { useAppTexts } from '../texts/Texts';
import type { Film } from './replay';
import { SPEEDS, type usePlayer } from './usePlayer';

const BARS = 120;
const JUMP_MS = 5000;

type Props = Readonly<{ film: Film; player: ReturnType<typeof usePlayer> }>;

export function Player({ film, player }: Props) {
  const { replay } = useAppTexts();
  const { atMs, playing, speed, seek, toggle, setSpeed } = player;
  const jump = (ms: number) => () => seek(atMs + ms);
  useKeys({ ' ': toggle, ArrowLeft: jump(-JUMP_MS), ArrowRight: jump(JUMP_MS) });
  return (
    <section className="au-card player">
      <Button
        look="primary"
        onClick={toggle}
        icon={playing ? <Pause size={18} /> : <Play size={18} />}
      >
        {playing ? replay.pause : replay.play}
      </Button>
      <span className="player__time">
        {clock(atMs)} / {clock(film.durationMs)}
      </span>
      <div className="player__track">
        <Busy film={film} share={film.durationMs === 0 ? 0 : atMs / film.durationMs} />
        <input
          type="range"
          className="player__slider"
          min={0}
          max={Math.max(1, film.durationMs)}
          step={100}
          value={atMs}
          onChange={(event) => seek(Number(event.target.value))}
          aria-label={replay.position}
          aria-valuetext={clock(atMs)}
        />
      </div>
      <select
        className="au-field player__speed"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
        aria-label={replay.speed}
      >
        {SPEEDS.map((times) => (
          <option key={times} value={times}>
            {times}×
          </option>
        ))}
      </select>
      <span className="au-empty player__note">{replay.noSound}</span>
    </section>
  );
}

/** How lively the call was, along its length. */
function Busy({ film, share }: Readonly<{ film: Film; share: number }>) {
  const bars = useMemo(() => film.busy(BARS), [film]);
  return (
    <svg className="player__busy" viewBox={`0 0 ${BARS} 20`} preserveAspectRatio="none" aria-hidden>
      {bars.map((height, n) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
          key={n}
          className={n / BARS <= share ? 'player__bar player__bar--past' : 'player__bar'}
          x={n + 0.15}
          width={0.7}
          y={20 - Math.max(1, height * 20)}
          height={Math.max(1, height * 20)}
        />
      ))}
    </svg>
  );
}
