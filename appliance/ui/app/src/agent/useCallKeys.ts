/** The keys of a call, and the fields that some of them go to. */

import { useKeys } from './useKeys';

export function useCallKeys(keys: Readonly<Record<string, () => void>>): void {
  useKeys({
    ...keys,
    '/': () => focusOn('chat'),
    a: () => focusOn('ask'),
    l: () => focusOn('checklist'),
  });
}

function focusOn(name: string): void {
  document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`)?.focus();
}
