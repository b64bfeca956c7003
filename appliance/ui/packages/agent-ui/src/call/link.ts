/** A socket to the box that is opened again for as long as somebody wants it. */

import type { Outside, Socket } from './port';
import { retryMs } from './retry';

/** `WebSocket.OPEN`, which does not exist outside a browser. */
const OPEN = 1;

export const CLOSED_NORMALLY = 1000;
export const TOO_FAR_BEHIND = 1013;
export const NO_PLACE = 4408;
export const TAKEN_OVER = 4409;

export type Ends = Readonly<{
  /** First message of each socket. */
  greeting: () => object;
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
    private readonly outside: Pick<Outside, 'open' | 'now' | 'later' | 'random'>,
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
    socket.onopen = () => socket.send(JSON.stringify(this.ends.greeting()));
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

  /** Later, and the more often in vain the later. */
  retry(code: number): void {
    // Too far behind: the box has sent a part and waits to send the next.
    const ms = code === TOO_FAR_BEHIND ? 0 : retryMs(this.#tries, this.outside.random());
    this.#tries += 1;
    this.#stopRetry = this.outside.later(() => this.open(), ms);
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
