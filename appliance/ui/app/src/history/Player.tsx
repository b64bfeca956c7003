import { Button, clock, type Kept } from '@agent/ui';
import { Pause, Play, RotateCcw, RotateCw } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useKeys } from '../agent/useKeys';
import { useAppTexts } from '../texts/Texts';
import type { Film } from './replay';
import { Track } from './Track';
import { SPEEDS, type usePlayer } from './usePlayer';

const JUMP_MS = 5_000;
const LEAP_MS = 30_000;

type Props = Readonly<{
  film: Film;
  lengthMs: number;
  kept: Kept | null;
  player: ReturnType<typeof usePlayer>;
}>;

export function Player({ film, lengthMs, kept, player }: Props) {
  const { replay } = useAppTexts();
  const { atMs, playing, speed, jump, seek, toggle, setSpeed } = player;
  const by = (ms: number) => () => jump(ms);
  const to = (ms: number) => () => seek(ms);
  const faster = (steps: number) => () => setSpeed(SPEEDS[SPEEDS.indexOf(speed) + steps] ?? speed);
  const keys = { ' ': toggle, ArrowLeft: by(-JUMP_MS), ArrowRight: by(JUMP_MS) };
  useKeys({ ...keys, '<': faster(-1), '>': faster(1) });
  const onSlider = keysOf({
    ...keys,
    PageDown: by(-LEAP_MS),
    PageUp: by(LEAP_MS),
    Home: to(0),
    End: to(lengthMs),
  });
  return (
    <section className="au-card player" aria-label={replay.player}>
      <div className="player__buttons">
        <Button
          look="quiet"
          onClick={by(-JUMP_MS)}
          icon={<RotateCcw size={18} />}
          aria-label={replay.back5}
          title={`${replay.back5} (←)`}
        />
        <Button
          look="primary"
          className="player__play"
          onClick={toggle}
          icon={playing ? <Pause size={20} /> : <Play size={20} />}
          aria-label={playing ? replay.pause : replay.play}
          title={`${playing ? replay.pause : replay.play} (${replay.space})`}
        />
        <Button
          look="quiet"
          onClick={by(JUMP_MS)}
          icon={<RotateCw size={18} />}
          aria-label={replay.forward5}
          title={`${replay.forward5} (→)`}
        />
      </div>
      <span className="player__time">
        {clock(atMs)} <span className="au-empty">/ {clock(lengthMs)}</span>
      </span>
      <div className="player__track">
        <Track film={film} lengthMs={lengthMs} atMs={atMs} kept={kept} />
        <input
          type="range"
          className="player__slider"
          min={0}
          max={Math.max(1, lengthMs)}
          step={100}
          value={atMs}
          onChange={(event) => seek(Number(event.target.value))}
          onKeyDown={onSlider}
          aria-label={replay.position}
          aria-valuetext={clock(atMs)}
        />
      </div>
      <select
        className="au-field player__speed"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
        aria-label={replay.speed}
        title={`${replay.speed} (< >)`}
      >
        {SPEEDS.map((times) => (
          <option key={times} value={times}>
            {times}×
          </option>
        ))}
      </select>
    </section>
  );
}

/** A slider's own steps are a tenth of a second, which is right for a mouse only. */
function keysOf(keys: Readonly<Record<string, () => void>>) {
  return (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}
