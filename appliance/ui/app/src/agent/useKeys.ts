/** Keys that act by themselves, while nobody is typing. */

import { useEffect, useRef } from 'react';
import { usePreferences } from '../session/preferences';

const TYPING = 'input, textarea, select, [contenteditable]';
/** Enter and space belong to what has the focus. */
const CLICKED = 'button, a, summary';

export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const { shortcuts } = usePreferences();
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!shortcuts) return;
    const onKey = (event: KeyboardEvent) => {
      const act = current.current[event.key];
      if (act === undefined || !isOurs(event)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [shortcuts]);
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING) || document.querySelector('dialog[open]')) return false;
  return event.key !== 'Enter' || !target?.closest(CLICKED);
}
