/** A world for a live call that a test moves by hand: its sockets, its clock, its disk. */

import type { Outside, Socket } from '../call/port';
import { NOTHING, type Stashed } from '../call/stash';
import type { Frame } from '../wire/frame';
import type { ServerMessage } from '../wire/types';

export class FakeSocket implements Socket {
  binaryType: BinaryType = 'blob';
  bufferedAmount = 0;
  readyState = 1 as const;
  onopen: WebSocket['onopen'] = null;
  onmessage: WebSocket['onmessage'] = null;
  onclose: WebSocket['onclose'] = null;
  readonly sent: (string | ArrayBuffer)[] = [];
  closed = false;

  constructor(readonly path: string) {}

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    this.sent.push(data as string | ArrayBuffer);
  }

  close(): void {
    this.closed = true;
  }

  /** Text messages that the page has sent. */
  get told(): Record<string, unknown>[] {
    return this.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data));
  }

  /** Numbers of the frames that the page has sent. */
  get frames(): number[] {
    return this.sent
      .filter((data) => data instanceof ArrayBuffer)
      .map((data) => new DataView(data).getUint32(0, true));
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  say(message: ServerMessage): void {
    this.raw(JSON.stringify(message));
  }

  raw(data: unknown): void {
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data }));
  }

  drop(code = 1006): void {
    const event = Object.assign(new Event('close'), { code }) as CloseEvent;
    this.onclose?.call(this as unknown as WebSocket, event);
  }
}

export class World {
  readonly sockets: FakeSocket[] = [];
  readonly disk = new Map<string, Stashed>();
  /** What is to run once somebody has signed in. */
  waiting: (() => void)[] = [];
  now = 0;
  #refs = 0;
  #timers: { at: number; run: () => void }[] = [];

  readonly outside: Outside = {
    open: (path) => {
      const socket = new FakeSocket(path);
      this.sockets.push(socket);
      return socket;
    },
    now: () => this.now,
    later: (run, ms) => {
      const timer = { at: this.now + ms, run };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      };
    },
    whenSignedIn: (run) => {
      this.waiting.push(run);
      return () => {
        this.waiting = this.waiting.filter((other) => other !== run);
      };
    },
    random: () => 0,
    newRef: () => {
      this.#refs += 1;
      return `r${this.#refs}`;
    },
    stash: {
      load: async (id) => this.disk.get(id) ?? NOTHING,
      save: async (id, stashed) => void this.disk.set(id, stashed),
      drop: async (id) => void this.disk.delete(id),
    },
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('no socket was opened');
    return last;
  }

  signIn(): void {
    for (const run of this.waiting.splice(0)) run();
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.now = next.at;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.run();
    }
    this.now = until;
  }
}

export const quiet = (): Frame['pcm'] => new Int16Array(320);
