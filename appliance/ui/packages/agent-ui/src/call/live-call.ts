/** One live call: what is said on its link, and what has become of it; tells listeners. */

import { decode } from '../wire/decode';
import { encodeFrame, type Frame, parseFrame, RATE } from '../wire/frame';
import type { ClientMessage, ServerMessage } from '../wire/types';
import { judged, receive, typed } from './advance';
import { FrameClock } from './frame-clock';
import { CLOSED_NORMALLY, Link, TAKEN_OVER } from './link';
import { Outgoing } from './outgoing';
import type { Connection, Outside, Snapshot, Ticket } from './port';
import { type Call, hasEnded, newCall, type Verdict } from './state';

type Other = Exclude<ClientMessage, { type: 'hello' | 'resume' | 'chat' | 'feedback' }>;

const TICK_MS = 500;

/** What nobody wants any more once the line is back; a chat line is kept elsewhere. */
const TOO_LATE: ReadonlySet<ClientMessage['type']> = new Set(['ask', 'summarise', 'stop', 'chat']);

/** With something to acknowledge, the box answers five times a second. */
export const DEAD_MS = 6_000;

/** Sound waits here rather than in the socket, where it could not be taken back. */
const SOCKET_FULL = 128 * 1024;

const AUDIO = { codec: 'pcm_s16le', rate: RATE } as const;

export class LiveCall {
  #snapshot: Snapshot;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(frame: Frame) => void>();
  readonly #outgoing = new Outgoing();
  readonly #clock = new FrameClock();
  /** Said while the line was down. */
  #unsent: ClientMessage[] = [];
  readonly #link: Link;
  #lastSound = 0;
  #stopTick: (() => void) | null = null;
  #stashed = false;

  constructor(
    private readonly ticket: Ticket,
    private readonly outside: Outside,
    known: Call | null = null,
  ) {
    const call = known ?? newCall(ticket.callId, ticket.role);
    this.#snapshot = { call, connection: 'connecting' };
    this.#link = new Link(`/ws/call/${encodeURIComponent(ticket.callId)}`, outside, {
      greeting: () => this.#greeting(),
      heard: (data) => this.#onMessage(data),
      lost: (code) => this.#onClose(code),
    });
  }

  // Arrow fields, because React calls them without `this`.
  readonly snapshot = (): Snapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Every frame of the other person's voice, as it arrives. */
  readonly hear = (hearer: (frame: Frame) => void): (() => void) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  };

  /** Take up what a page before this one left, then connect. Stops with `close`. */
  async start(): Promise<void> {
    const { chats, frames } = await this.outside.stash.load(this.ticket.callId);
    if (this.#snapshot.connection === 'closed') return;
    this.#outgoing.restore(frames);
    this.#stashed = chats.length + frames.length > 0;
    for (const { ref, text } of chats) this.#change(typed(this.#snapshot.call, ref, text));
    this.#link.open();
    this.#tick();
  }

  /** Leave without ending the call: the page goes away. */
  close(): void {
    this.#finish('closed');
  }

  /** The network is back, says the browser: do not wait for the next try. */
  reconnect(): void {
    if (this.#snapshot.connection !== 'retrying') return;
    this.#link.open();
  }

  chat(text: string): void {
    const ref = this.outside.newRef();
    this.#change(typed(this.#snapshot.call, ref, text));
    this.#send({ type: 'chat', text, ref });
    void this.#save();
  }

  judge(id: string, verdict: Verdict, reason = ''): void {
    this.#change(judged(this.#snapshot.call, id, verdict));
    this.#send({ type: 'feedback', id, verdict, reason });
  }

  tell(message: Other): void {
    this.#send(message);
  }

  /** 20 ms of this person's voice, and the wall clock (ms) at which they arrived. */
  speak(pcm: Frame['pcm'], wallMs: number): void {
    if (this.#isOver()) return;
    this.#outgoing.push(pcm, this.#clock.next(wallMs - this.ticket.startedAt));
    this.#lastSound = this.outside.now();
    this.#pump();
  }

  // ------------------------------------------------------------------ the socket

  #greeting(): ClientMessage {
    const { role, name } = this.ticket;
    const { epoch, lastSeq } = this.#snapshot.call;
    if (epoch === '') return { type: 'hello', role, name, audio: AUDIO };
    return { type: 'resume', role, epoch, last_seq: lastSeq, audio: AUDIO };
  }

  #onMessage(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const frame = parseFrame(data);
      if (frame !== null) for (const hear of this.#hearers) hear(frame);
      return;
    }
    const message = typeof data === 'string' ? decode(data) : null;
    if (message !== null) this.#onKnown(message);
  }

  #onKnown(message: ServerMessage): void {
    if (message.type === 'ack') {
      this.#outgoing.acknowledge(message.audio_seq);
      this.#pump();
      return;
    }
    this.#change(receive(this.#snapshot.call, message));
    if (message.type === 'hello') this.#onHello(message.next_audio_seq);
  }

  #onHello(nextAudioSeq: number): void {
    this.#link.greeted();
    this.#outgoing.resendFrom(nextAudioSeq);
    this.#set({ connection: 'open' });
    for (const { ref, text } of this.#snapshot.call.pending) {
      this.#send({ type: 'chat', text, ref });
    }
    for (const message of this.#unsent.splice(0)) this.#send(message);
    this.#pump();
  }

  #onClose(code: number): void {
    if (code === TAKEN_OVER) this.#finish('replaced');
    else if (this.#link.isRefusal(code)) this.#finish('refused');
    else if (code === CLOSED_NORMALLY && hasEnded(this.#snapshot.call)) this.#finish('closed');
    else {
      this.#link.retry(code);
      this.#set({ connection: 'retrying' });
    }
  }

  #send(message: ClientMessage): void {
    if (this.#isOpen()) this.#link.send(message);
    else if (!TOO_LATE.has(message.type)) this.#unsent.push(message);
  }

  #pump(): void {
    while (this.#isOpen() && this.#link.waiting < SOCKET_FULL) {
      const frame = this.#outgoing.take();
      if (frame === null) return;
      this.#link.send(encodeFrame(frame));
    }
  }

  #isOpen(): boolean {
    return this.#snapshot.connection === 'open' && this.#link.takes;
  }

  #tick(): void {
    this.#stopTick = this.outside.later(() => {
      this.#check();
      this.#tick();
    }, TICK_MS);
  }

  #check(): void {
    const speaking = this.outside.now() - this.#lastSound < DEAD_MS;
    const waiting = speaking && this.#outgoing.kept.length > 0;
    const dead = this.#snapshot.connection === 'open' && this.#link.silentMs > DEAD_MS;
    // A cable that was pulled closes nothing: the browser would wait for minutes.
    if (dead && waiting) this.#link.drop();
    else this.#pump();
    if (this.#snapshot.connection !== 'open' || this.#stashed) void this.#save();
  }

  // ------------------------------------------------------------------ what others see

  async #save(): Promise<void> {
    const { pending } = this.#snapshot.call;
    const frames = this.#snapshot.connection === 'open' ? [] : [...this.#outgoing.kept];
    const empty = pending.length === 0 && frames.length === 0;
    if (empty && !this.#stashed) return;
    this.#stashed = !empty;
    if (empty) await this.outside.stash.drop(this.ticket.callId);
    else await this.outside.stash.save(this.ticket.callId, { chats: pending, frames });
  }

  #isOver(): boolean {
    return ['closed', 'replaced', 'refused'].includes(this.#snapshot.connection);
  }

  #finish(connection: Connection): void {
    this.#stopTick?.();
    this.#link.close();
    if (hasEnded(this.#snapshot.call) || connection === 'refused') {
      void this.outside.stash.drop(this.ticket.callId);
    }
    this.#set({ connection });
  }

  #change(call: Call): void {
    if (call !== this.#snapshot.call) this.#set({ call });
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const tell of this.#listeners) tell();
  }
}
