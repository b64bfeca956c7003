/** This browser's place in a call: kept over a reload, and in one tab at a time, the newest. */

import {
  browserOutside,
  type Call,
  LiveCall,
  newCall,
  type Outside,
  type Role,
  type Ticket,
} from '@agent/ui';
import { forget, keep, recalled } from './preferences';

/** What is kept of a place. The epoch is the box's; with it the next page may resume. */
type Kept = Ticket & Readonly<{ epoch: string; reason: string }>;

export type Place = Readonly<{
  live: LiveCall | null;
  reason: string;
  startedAt: number;
  /** The call of this browser is open in another tab. */
  elsewhere: boolean;
  /** Being taken up again after a reload. */
  restoring: boolean;
}>;

const NOWHERE: Place = {
  live: null,
  reason: '',
  startedAt: 0,
  elsewhere: false,
  restoring: false,
};

export class SeatHolder {
  #place: Place = NOWHERE;
  #unwatch: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #key: string;

  /** `recall` fetches what the record knows of a call, for a role that may read it. */
  constructor(
    private readonly role: Role,
    private readonly recall: ((callId: string) => Promise<Call>) | null,
    private readonly outside: () => Outside = browserOutside,
  ) {
    this.#key = `appliance.call.${role}`;
    addEventListener('online', () => this.#place.live?.reconnect());
  }

  readonly snapshot = (): Place => this.#place;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sit down in a new call. */
  async take(callId: string, name: string, reason: string): Promise<void> {
    this.leave();
    const kept = { callId, name, reason, role: this.role, epoch: '', startedAt: Date.now() };
    keep(this.#key, kept);
    await this.#begin(kept, null);
  }

  /** Take up the call that this browser was in, if any, from wherever it is open. */
  async restore(): Promise<void> {
    const kept = recalled(this.#key) as Kept | null;
    if (this.#place.live !== null) return;
    if (kept === null) return this.#set(NOWHERE);
    this.#set({ ...NOWHERE, restoring: true });
    await this.#resume(kept);
  }

  /** Get up: the call is over for this browser. */
  leave(): void {
    forget(this.#key);
    this.#getUp(NOWHERE);
  }

  /** The call goes on in another tab. */
  yield(): void {
    this.#getUp({ ...NOWHERE, elsewhere: true });
  }

  #getUp(place: Place): void {
    const { live } = this.#place;
    this.#unwatch?.();
    this.#set(place);
    live?.close();
  }

  async #resume(kept: Kept): Promise<void> {
    const fromRecord = await this.recall?.(kept.callId).catch(() => null);
    if (!this.#place.restoring) return; // another tab was quicker
    const call = fromRecord ?? newCall(kept.callId, this.role);
    await this.#begin(kept, { ...call, epoch: kept.epoch });
  }

  async #begin(kept: Kept, known: Call | null): Promise<void> {
    const live = new LiveCall(kept, this.outside(), known);
    this.#unwatch?.();
    let { epoch } = kept;
    this.#unwatch = live.subscribe(() => {
      const { call, connection } = live.snapshot();
      if (connection === 'replaced') return this.yield();
      if (connection === 'closed' || connection === 'refused') return forget(this.#key);
      if (call.epoch === epoch) return;
      epoch = call.epoch;
      keep(this.#key, { ...kept, epoch });
    });
    this.#set({ ...NOWHERE, live, reason: kept.reason, startedAt: kept.startedAt });
    await live.start();
  }

  #set(place: Place): void {
    this.#place = place;
    for (const tell of this.#listeners) tell();
  }
}
