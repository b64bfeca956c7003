/** A call that goes on, as a supervisor follows it: read, and heard if they ask. Nothing is
 * sent that could reach it. */

import { receive } from '../call/advance';
import { CLOSED_NORMALLY, Link, type LinkOutside } from '../call/link';
import type { Connection } from '../call/port';
import { type Call, hasEnded, newCall } from '../call/state';
import { decode } from '../wire/decode';
import { type LegFrame, parseLegFrame, RATE } from '../wire/frame';
import type { ErrorSent, ServerMessage, SupervisorMessage } from '../wire/types';

export type FollowingState = Readonly<{
  call: Call;
  connection: Connection;
  /** Both voices are asked for. */
  listens: boolean;
  /** Sound of the voice that has lost the most, in ms: the line was too slow for it. */
  missedMs: number;
  /** What the box refused, if anything. */
  refused: ErrorSent | null;
}>;

type Heard = Readonly<{ nextSeq: number; endMs: number; missedMs: number }>;

export class Following {
  #state: FollowingState;
  #heard: Partial<Record<LegFrame['speaker'], Heard>> = {};
  readonly #link: Link;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(frame: LegFrame) => void>();

  constructor(callId: string, outside: LinkOutside) {
    this.#state = {
      call: newCall(callId, 'agent'), // is told what the agent is told
      connection: 'connecting',
      listens: false,
      missedMs: 0,
      refused: null,
    };
    this.#link = new Link(`/ws/listen/${encodeURIComponent(callId)}`, outside, {
      greeting: () => this.#greeting(),
      heard: (data) => this.#onMessage(data),
      lost: (code) => this.#onClose(code),
    });
  }

  readonly snapshot = (): FollowingState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Every frame of both voices, as it arrives. */
  readonly hear = (hearer: (frame: LegFrame) => void): (() => void) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  };

  start(): void {
    this.#set({ connection: 'connecting' });
    this.#link.open();
  }

  /** Look on no more; the call goes on. */
  close(): void {
    this.#finish('closed');
  }

  listen(on: boolean): void {
    this.#set({ listens: on });
    this.#heard = {};
    if (this.#state.connection === 'open') this.#say({ type: 'listen', audio: on });
  }

  /** The line is probably dead: open another one. */
  doubt(): void {
    if (this.#state.connection === 'open') this.#link.drop();
  }

  #greeting(): SupervisorMessage {
    const { epoch, lastSeq } = this.#state.call;
    return { type: 'follow', epoch, last_seq: lastSeq };
  }

  #onMessage(data: unknown): void {
    if (data instanceof ArrayBuffer) this.#onSound(parseLegFrame(data));
    const message = typeof data === 'string' ? decode(data) : null;
    if (message?.type === 'error') this.#set({ refused: message });
    else if (message !== null) this.#onTold(message);
  }

  #onTold(message: ServerMessage): void {
    this.#set({ call: receive(this.#state.call, message) });
    if (message.type !== 'hello') return;
    this.#link.greeted();
    this.#heard = {};
    this.#set({ connection: 'open', refused: null });
    if (this.#state.listens) this.#say({ type: 'listen', audio: true });
  }

  #onSound(frame: LegFrame | null): void {
    if (frame === null || !this.#state.listens) return;
    const before = this.#heard[frame.speaker];
    const hole = before !== undefined && frame.seq > before.nextSeq;
    const missedMs = (before?.missedMs ?? 0) + (hole ? frame.tMs - before.endMs : 0);
    const endMs = frame.tMs + (frame.pcm.length * 1000) / RATE;
    this.#heard[frame.speaker] = { nextSeq: frame.seq + 1, endMs, missedMs };
    if (missedMs > this.#state.missedMs) this.#set({ missedMs });
    for (const hear of this.#hearers) hear(frame);
  }

  #onClose(code: number): void {
    if (this.#link.isRefusal(code)) this.#finish('refused');
    else if (code === CLOSED_NORMALLY && hasEnded(this.#state.call)) this.#finish('closed');
    else {
      this.#link.retry(code);
      this.#set({ connection: 'retrying' });
    }
  }

  #say(message: SupervisorMessage): void {
    if (this.#link.takes) this.#link.send(message);
  }

  #finish(connection: Connection): void {
    this.#link.close();
    this.#set({ connection, listens: false });
  }

  #set(change: Partial<FollowingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}
