/** The browser, as a live call sees it. */

import type { Outside } from './port';
import { browserStash } from './stash';

export function browserOutside(): Outside {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    open: (path) => new WebSocket(`${scheme}//${location.host}${path}`),
    now: () => performance.now(),
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    whenSignedIn: null,
    random: Math.random,
    // Not crypto.randomUUID, which plain http pages do not have.
    newRef: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
    stash: browserStash(indexedDB),
  };
}
