import { useSyncExternalStore } from 'react';
import type { Place, SeatHolder } from './seat';

export function usePlace(seat: SeatHolder): Place {
  return useSyncExternalStore(seat.subscribe, seat.snapshot);
}
