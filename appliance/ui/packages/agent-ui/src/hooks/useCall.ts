/** The only file that joins React to a live call. */

import { useSyncExternalStore } from 'react';
import type { LiveCall } from '../call/live-call';
import type { Snapshot } from '../call/port';

export function useCall(live: LiveCall): Snapshot {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
