/** What a live call is given, needs of the world, and tells. */

import type { Stash } from './stash';
import type { Call, Role } from './state';

export type Connection =
  | 'connecting'
  | 'open'
  /** Lost; being tried again. */
  | 'retrying'
  /** The call went on in another tab. */
  | 'replaced'
  /** The box does not know the call any more, or has no place in it. */
  | 'refused'
  /** Over, in order. */
  | 'closed';

export type Snapshot = Readonly<{ call: Call; connection: Connection }>;

export type Socket = Pick<
  WebSocket,
  | 'binaryType'
  | 'bufferedAmount'
  | 'close'
  | 'onclose'
  | 'onmessage'
  | 'onopen'
  | 'readyState'
  | 'send'
>;

/** What the call needs of the world; a test gives it another. */
export type Outside = Readonly<{
  open: (path: string) => Socket;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Runs later, once; the result takes it back. */
  later: (run: () => void, ms: number) => () => void;
  /**
   * Runs once somebody is signed in, which may be now; the result takes it back. null where
   * nobody can sign in: what wants that is refused for good.
   */
  whenSignedIn: ((run: () => void) => () => void) | null;
  random: () => number;
  newRef: () => string;
  stash: Stash;
}>;

/** A place in a call. `startedAt` is the wall clock (ms) when it was taken. */
export type Ticket = Readonly<{ callId: string; role: Role; name: string; startedAt: number }>;
