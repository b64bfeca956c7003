/** Why a call is over, as the box remembers it. */

import { useQuery } from '@tanstack/react-query';
import { api, Refusal, Unreachable } from './api';

/** `interrupted`: the box stopped in mid call, whether or not it could say so. */
export type Ending = 'hangup' | 'timeout' | 'interrupted';

const ASK_AGAIN_MS = 2000;

const FORGOTTEN: readonly number[] = [401, 403, 404];

/** null until the box can be asked. */
export function useEnding(callId: string): Ending | null {
  const { data } = useQuery({
    queryKey: ['ending', callId],
    queryFn: () => api.status(callId).then(({ reason }) => endingOf(reason), ifForgotten),
    retry: (_, error) => error instanceof Unreachable,
    retryDelay: ASK_AGAIN_MS,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}

function endingOf(reason: string): Ending {
  if (reason === 'timeout') return 'timeout';
  return reason === 'shutdown' ? 'interrupted' : 'hangup';
}

/** A box that does not know the call, or its customer, was started after it. */
function ifForgotten(error: unknown): Ending {
  if (error instanceof Refusal && FORGOTTEN.includes(error.status)) return 'interrupted';
  throw error;
}
