/** A text once whoever types it has paused. */

import { useEffect, useState } from 'react';

/** Whoever types goes on within this. */
const PAUSE_MS = 200;

export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
