/**
 * The agent of this browser: on shift or not, in a call, or writing up the last one.
 *
 * An agent works in one tab at a time. The tab in which they open the page of calls takes
 * over; the one before says so and leaves everything alone until it is told to continue.
 */

import { type AgentState, callFromRecord, Desk, type DeskState, type LiveCall } from '@agent/ui';
import { useSyncExternalStore } from 'react';
import { api } from './api';
import { session, staffOutside } from './door';
import { forget, keep, recalled } from './preferences';
import { SeatHolder } from './seat';
import { audio } from './sound';
import { isMine, makeMine, yieldIt } from './tab';

/** A call that has ended and is not written up yet. */
export type Unfinished = Readonly<{
  callId: string;
  customer: string;
  /** Lines typed that the box had not got when it forgot the call. */
  undelivered: readonly string[];
}>;

export type Shift = Readonly<{
  state: 'off' | AgentState;
  /** `beside`: on duty, but not in this tab. `replaced`: was here, and goes on in another. */
  tab: 'here' | 'beside' | 'replaced';
  desk: DeskState | null;
  unfinished: Unfinished | null;
}>;

/** What outlives the page. */
type Kept = Readonly<{
  state: AgentState;
  callId: string;
  unfinished: Unfinished | null;
}>;

const KEY = 'appliance.shift';

export class Agent {
  readonly seat = new SeatHolder(
    'agent',
    async (callId) => callFromRecord(await api.session(callId, false), 'agent'),
    staffOutside,
  );
  #kept = keptShift();
  #shift: Shift = { ...OFF, state: this.#kept?.state ?? 'off' };
  #desk: Desk | null = null;
  #ending: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.seat.subscribe(() => this.#watchSeat());
    addEventListener('online', () => this.#desk?.reconnect());
  }

  readonly snapshot = (): Shift => this.#shift;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async begin(withSound: boolean): Promise<void> {
    if (withSound) await audio.start();
    // Without a microphone the shift does not begin by itself: the page says what to do.
    if (withSound && audio.snapshot().state !== 'on') return;
    if (keptShift() === null) {
      keep(KEY, { state: 'available', callId: '', unfinished: null } satisfies Kept);
    }
    await this.#sitDown();
  }

  /** After a reload: go on if this is the tab that the agent works in. */
  restore(): void {
    if (isMine()) void this.takeOver();
  }

  /** The page of calls was opened here. */
  visit(): void {
    if (this.#shift.state !== 'off' && this.#shift.tab === 'beside') void this.takeOver();
  }

  /** Work in this tab, wherever that was before. */
  async takeOver(): Promise<void> {
    if (this.#shift.tab === 'here') return;
    await Promise.all([this.#sitDown(), this.#kept && audio.start()]);
  }

  be(state: 'available' | 'away' | 'off'): void {
    if (state !== 'off') this.#desk?.be(state);
    else {
      this.#desk?.leave();
      this.#forget();
    }
  }

  async answer(callId: string, reason: string): Promise<void> {
    const name = session.snapshot().person?.name ?? '';
    await api.match(callId, { role: 'agent' });
    await this.seat.take(callId, name, reason);
  }

  /** The last call is written up, or was not worth it. */
  finish(): void {
    const { state } = this.#shift;
    // What is saved ends the wrap-up, but only of a box that knows about it.
    if (state === 'wrap_up' || state === 'on_call') this.#desk?.be('available');
    this.#written();
  }

  async #sitDown(): Promise<void> {
    this.#kept = keptShift();
    if (this.#kept === null) return this.#forget();
    makeMine();
    this.#set({ state: this.#kept.state, tab: 'here', unfinished: this.#kept.unfinished });
    // The call first: the box passes it on from tab to tab, and the customer notices nothing.
    await this.seat.restore();
    this.#desk?.close();
    const { state, callId } = this.#kept;
    const desk = new Desk({ state, callId }, staffOutside());
    this.#desk = desk;
    desk.subscribe(() => this.#onDesk(desk.snapshot()));
    desk.start();
  }

  #onDesk(desk: DeskState): void {
    if (desk.connection === 'replaced') this.#giveUp();
    else if (desk.connection !== 'closed') {
      this.#set({ desk, state: desk.state });
      this.#settle(desk);
    }
  }

  /** What the box says of a call that has ended counts more than what this page remembers. */
  #settle({ connection, state, callId }: DeskState): void {
    if (connection !== 'open') return;
    const { unfinished } = this.#shift;
    const { live } = this.seat.snapshot();
    if (state === 'wrap_up' && unfinished === null && live === null) {
      this.#set({ unfinished: { callId, customer: '', undelivered: [] } });
    } else if ((state === 'available' || state === 'away') && unfinished !== null) {
      this.#written();
    }
  }

  #written(): void {
    this.seat.leave();
    this.#set({ unfinished: null });
  }

  /** Another tab has taken over. */
  #giveUp(): void {
    if (this.#shift.tab !== 'here') return;
    this.#shift = { ...this.#shift, tab: 'replaced', desk: null, unfinished: null };
    yieldIt();
    this.#desk?.close();
    this.#desk = null;
    this.seat.yield();
    audio.stop();
    this.#tell();
  }

  #forget(): void {
    this.#desk = null;
    this.#kept = null;
    yieldIt();
    forget(KEY);
    audio.stop();
    this.#shift = OFF;
    this.#tell();
  }

  #watchSeat(): void {
    this.#ending?.();
    const { live, elsewhere } = this.seat.snapshot();
    // Here and not on the page: an agent may look something up elsewhere during a call.
    audio.join(live);
    this.#ending = live?.subscribe(() => this.#watchCall(live)) ?? null;
    if (elsewhere) this.#giveUp();
  }

  #watchCall(live: LiveCall): void {
    const { call, connection } = live.snapshot();
    if (connection !== 'closed' && connection !== 'refused') return;
    const undelivered = call.pending.map(({ text }) => text);
    this.#set({ unfinished: { callId: call.id, customer: call.partner.name, undelivered } });
  }

  #set(change: Partial<Shift>): void {
    this.#shift = { ...this.#shift, ...change };
    const { state, desk, unfinished } = this.#shift;
    if (this.#kept !== null && state !== 'off') {
      this.#kept = { ...this.#kept, state, callId: desk?.callId ?? this.#kept.callId, unfinished };
      keep(KEY, this.#kept);
    }
    this.#tell();
  }

  #tell(): void {
    for (const tell of this.#listeners) tell();
  }
}

const OFF: Shift = { state: 'off', tab: 'beside', desk: null, unfinished: null };

function keptShift(): Kept | null {
  const kept = recalled(KEY) as Partial<Kept> | null;
  return typeof kept?.callId === 'string' ? (kept as Kept) : null;
}

export const agent = new Agent();

export function useShift(): Shift {
  return useSyncExternalStore(agent.subscribe, agent.snapshot);
}
