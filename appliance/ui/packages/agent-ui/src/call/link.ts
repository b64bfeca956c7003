/** A socket to the box that is opened again for as long as somebody wants it. */

import type { Outside, Socket } from './port';
import { retryMs } from './retry';

/** `WebSocket.OPEN`, which does not exist outside a browser. */
const OPEN = 1;

export const CLOSED_NORMALLY = 1000;
export const TOO_FAR_BEHIND = 1013;
/** Nobody is signed in any more; the same that 401 is to a question. */
export const SIGNED_OUT = 4401;
export const NOT_ALLOWED = 4403;
export const NOT_THERE = 4404;
export const NO_PLACE = 4408;
export const TAKEN_OVER = 4409;

/** What a link needs of the world. */
export type LinkOutside = Pick<Outside, 'open' | 'now' | 'later' | 'random' | 'whenSignedIn'>;

const REFUSALS: readonly number[] = [NO_PLACE, NOT_ALLOWED, NOT_THERE];

export type Ends = Readonly<{
  /** First message of each socket; null where the box speaks first. */
  greeting: () => object | null;
  heard: (data: unknown) => void;
  /** Closed with this code (0: given up by `drop`). Whoever wants it back calls `retry`. */
  lost: (code: number) => void;
}>;

export class Link {
  #socket: Socket | null = null;
  #tries = 0;
  #lastHeard = 0;
  #stopRetry: (() => void) | null = null;

  constructor(
    private readonly path: string,
    private readonly outside: LinkOutside,
    private readonly ends: Ends,
  ) {}

  /** Takes messages. What is sent into a closing socket is gone without a word. */
  get takes(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  /** Bytes that wait in the socket, where they cannot be taken back. */
  get waiting(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** For how long nothing was heard on this socket, in ms. */
  get silentMs(): number {
    return this.outside.now() - this.#lastHeard;
  }

  open(): void {
    this.#stopRetry?.();
    const socket = this.outside.open(this.path);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#lastHeard = this.outside.now();
    socket.onopen = () => {
      const greeting = this.ends.greeting();
      if (greeting !== null) socket.send(JSON.stringify(greeting));
    };
    socket.onmessage = (event) => {
      this.#lastHeard = this.outside.now();
      this.ends.heard(event.data);
    };
    socket.onclose = (event) => this.#lose(event.code);
  }

  /** The box has answered: the next loss is a new one. */
  greeted(): void {
    this.#tries = 0;
  }

  send(message: object | ArrayBuffer): void {
    this.#socket?.send(message instanceof ArrayBuffer ? message : JSON.stringify(message));
  }

  /** Whether this code means that trying again would change nothing. */
  isRefusal(code: number): boolean {
    return REFUSALS.includes(code) || (code === SIGNED_OUT && this.outside.whenSignedIn === null);
  }

  /** Later, and the more often in vain the later; where nobody is signed in, after that. */
  retry(code: number): void {
    // Too far behind: the box has sent a part and waits to send the next.
    const ms = code === TOO_FAR_BEHIND ? 0 : retryMs(this.#tries, this.outside.random());
    this.#tries += 1;
    const open = () => this.open();
    const ask = () => {
      this.#stopRetry = this.outside.whenSignedIn?.(open) ?? null;
    };
    this.#stopRetry = this.outside.later(code === SIGNED_OUT ? ask : open, ms);
  }

  /** Give this socket up for dead. */
  drop(): void {
    if (this.#socket === null) return;
    this.close();
    this.#lose(0);
  }

  /** For good. */
  close(): void {
    this.#stopRetry?.();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  #lose(code: number): void {
    this.#socket = null;
    this.ends.lost(code);
  }
}
