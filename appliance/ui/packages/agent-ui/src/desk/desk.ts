/** An agent's link to the box for a whole shift: what they are doing, and who rings. */

import { Link, type LinkOutside, TAKEN_OVER } from '../call/link';
import type { Connection } from '../call/port';
import { decodeNews } from '../wire/decode';
import type { AgentMessage, Be, Duty, ErrorSent, OnDuty } from '../wire/types';

export type AgentState = Duty['state'];

export type DeskState = Readonly<{
  connection: Connection;
  /** As the agent last wished, until the box has answered; else as the box says. */
  state: AgentState;
  /** The call that they are in, or write up; '' for none. */
  callId: string;
  /** Who rings here; nobody while the line is down. */
  offer: Duty['offer'];
  /** What the box refused, if anything. */
  refused: ErrorSent | null;
}>;

const CHECK_MS = 5_000;

/** The box says something every ten seconds. */
export const DESK_DEAD_MS = 25_000;

export class Desk {
  #state: DeskState;
  #wish: Exclude<Be['state'], 'off'> | null = null;
  #stopChecking: (() => void) | null = null;
  readonly #link: Link;
  readonly #listeners = new Set<() => void>();

  /** Of whoever is signed in. `known` is what a page before this one last heard. */
  constructor(
    known: Readonly<{ state: AgentState; callId: string }>,
    private readonly outside: LinkOutside,
  ) {
    this.#state = { ...known, connection: 'connecting', offer: null, refused: null };
    this.#link = new Link('/ws/agent', outside, {
      greeting: () => this.#greeting(),
      heard: (data) => this.#onMessage(data),
      lost: (code) => this.#onClose(code),
    });
  }

  readonly snapshot = (): DeskState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#link.open();
    this.#check();
  }

  be(state: Exclude<Be['state'], 'off'>): void {
    this.#wish = state;
    this.#set({ state, callId: '', offer: null });
    this.#say({ type: 'be', state });
  }

  /** The shift is over. */
  leave(): void {
    this.#say({ type: 'be', state: 'off' });
    this.#finish('closed');
  }

  /** The page goes away, or the agent works elsewhere; the shift goes on. */
  close(): void {
    this.#finish('closed');
  }

  /** The network is back, says the browser: do not wait for the next try. */
  reconnect(): void {
    if (this.#state.connection === 'retrying') this.#link.open();
  }

  #greeting(): OnDuty {
    const { state, callId } = this.#state;
    return { type: 'on_duty', state, call_id: callId };
  }

  #onMessage(data: unknown): void {
    const news = typeof data === 'string' ? decodeNews(data) : null;
    if (news?.type === 'duty') this.#onDuty(news);
    else if (news?.type === 'error') {
      this.#wish = null;
      this.#set({ refused: news });
    }
  }

  #onDuty({ state, call_id, offer }: Duty): void {
    const wish = this.#wish;
    const isNew = this.#state.connection !== 'open';
    if (state === wish) this.#wish = null;
    this.#link.greeted();
    this.#set({ connection: 'open', refused: null });
    if (this.#wish === null) this.#set({ state, callId: call_id, offer });
    // Wished while the line was down; the box went by what it knew.
    else if (isNew) this.#say({ type: 'be', state: this.#wish });
  }

  #onClose(code: number): void {
    if (code === TAKEN_OVER) this.#finish('replaced');
    else if (this.#link.isRefusal(code)) this.#finish('refused');
    else {
      this.#link.retry(code);
      this.#set({ connection: 'retrying', offer: null });
    }
  }

  #say(message: AgentMessage): void {
    if (this.#state.connection === 'open' && this.#link.takes) this.#link.send(message);
  }

  #check(): void {
    this.#stopChecking = this.outside.later(() => {
      // A cable that was pulled closes nothing.
      const dead = this.#state.connection === 'open' && this.#link.silentMs > DESK_DEAD_MS;
      if (dead) this.#link.drop();
      this.#check();
    }, CHECK_MS);
  }

  #finish(connection: Connection): void {
    this.#stopChecking?.();
    this.#link.close();
    this.#set({ connection, offer: null });
  }

  #set(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}
