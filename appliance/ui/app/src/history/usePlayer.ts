/** Where the film stands, and how fast it runs. */

import { useEffect, useRef, useState } from 'react';

export const SPEEDS: readonly number[] = [1, 1.5, 2, 4, 8];

export function usePlayer(durationMs: number, startMs: number) {
  const begin = Math.max(0, Math.min(durationMs, startMs));
  const [atMs, setAtMs] = useState(begin);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const position = useRef(begin);

  const seek = (ms: number) => {
    position.current = Math.max(0, Math.min(durationMs, ms));
    setAtMs(position.current);
  };

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    let before: number | null = null;
    const draw = (now: number) => {
      position.current = Math.min(durationMs, position.current + (now - (before ?? now)) * speed);
      before = now;
      setAtMs(position.current);
      if (position.current >= durationMs) setPlaying(false);
      else frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, durationMs]);

  const toggle = () => {
    if (!playing && position.current >= durationMs) seek(0);
    setPlaying(!playing);
  };
  const jump = (ms: number) => seek(position.current + ms);
  return { atMs, playing, speed, seek, jump, toggle, setSpeed };
}
