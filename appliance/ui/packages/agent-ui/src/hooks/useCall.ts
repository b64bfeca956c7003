/** The only file that joins React to a live call. */

import { useSyncExternalStore } from 'react';
import type { LiveCall, Snapshot } from '../call/live-call';

export function useCall(live: LiveCall): Snapshot {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
