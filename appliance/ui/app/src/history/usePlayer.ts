/** Where the film stands, and how fast it runs. */

import { useEffect, useRef, useState } from 'react';
import type { Sound } from './sound';

export const SPEEDS: readonly number[] = [1, 1.5, 2, 4, 8];

/** With a sound, that is the clock: what is seen never runs ahead of what is heard. */
export function usePlayer(durationMs: number, startMs: number, sound: Sound | null) {
  const begin = Math.max(0, Math.min(durationMs, startMs));
  const [atMs, setAtMs] = useState(begin);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const position = useRef(begin);

  const seek = (ms: number) => {
    position.current = Math.max(0, Math.min(durationMs, ms));
    if (playing) sound?.play(position.current, speed);
    else sound?.move(position.current);
    setAtMs(position.current);
  };

  useEffect(() => {
    if (!playing) return;
    sound?.play(position.current, speed);
    let frame = 0;
    let before: number | null = null;
    const draw = (now: number) => {
      const alone = position.current + (now - (before ?? now)) * speed;
      position.current = Math.min(durationMs, sound?.atMs ?? alone);
      before = now;
      setAtMs(position.current);
      if (position.current >= durationMs) setPlaying(false);
      else frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      sound?.pause();
    };
  }, [playing, speed, durationMs, sound]);

  const toggle = () => {
    if (!playing && position.current >= durationMs) seek(0);
    setPlaying(!playing);
  };
  const jump = (ms: number) => seek(position.current + ms);
  return { atMs, playing, speed, seek, jump, toggle, setSpeed };
}
