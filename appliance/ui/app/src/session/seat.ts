/** This browser's place in a call: kept over a reload, in one tab at a time. */

import { browserOutside, type Call, LiveCall, newCall, type Role, type Ticket } from '@agent/ui';
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
  #release: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #key: string;

  /** `recall` fetches what the record knows of a call, for a role that may read it. */
  constructor(
    private readonly role: Role,
    private readonly recall: ((callId: string) => Promise<Call>) | null,
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
    await this.#lock(true);
    this.#begin(kept, null);
  }

  /** After a reload: take up the call that this browser was in, if any. */
  async restore(): Promise<void> {
    const kept = recalled(this.#key) as Kept | null;
    if (kept === null || this.#place.live !== null) return;
    this.#set({ ...NOWHERE, restoring: true });
    if (!(await this.#lock(false))) return this.#set({ ...NOWHERE, elsewhere: true });
    await this.#resume(kept);
  }

  /** Continue here what is open in another tab. */
  async takeOver(): Promise<void> {
    const kept = recalled(this.#key) as Kept | null;
    await this.#lock(true);
    if (kept === null) return this.#set(NOWHERE);
    await this.#resume(kept);
  }

  /** Get up: the call is over for this browser. */
  leave(): void {
    this.#unwatch?.();
    this.#place.live?.close();
    if (!this.#place.elsewhere) forget(this.#key);
    this.#release?.();
    this.#set(NOWHERE);
  }

  async #resume(kept: Kept): Promise<void> {
    const fromRecord = await this.recall?.(kept.callId).catch(() => null);
    const call = fromRecord ?? newCall(kept.callId, this.role);
    this.#begin(kept, { ...call, epoch: kept.epoch });
  }

  #begin(kept: Kept, known: Call | null): void {
    const live = new LiveCall(kept, browserOutside(), known);
    this.#unwatch?.();
    this.#unwatch = live.subscribe(() => this.#watch(kept, live));
    this.#set({ ...NOWHERE, live, reason: kept.reason, startedAt: kept.startedAt });
    void live.start();
  }

  #watch(kept: Kept, live: LiveCall): void {
    const { call, connection } = live.snapshot();
    if (connection === 'replaced') {
      this.#unwatch?.();
      this.#release?.();
      this.#set({ ...NOWHERE, elsewhere: true });
    } else if (connection === 'closed' || connection === 'refused') forget(this.#key);
    else if (call.epoch !== kept.epoch) keep(this.#key, { ...kept, epoch: call.epoch });
  }

  /** One tab holds the call. Browsers without locks let the box decide. */
  #lock(steal: boolean): Promise<boolean> {
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      const options = steal ? { steal } : { ifAvailable: true };
      locks
        .request(this.#key, options, (lock) => {
          resolve(lock !== null);
          if (lock === null) return undefined;
          return new Promise<void>((release) => {
            this.#release = release;
          });
        })
        // Stolen by another tab, which tells the box; the box tells us.
        .catch(() => resolve(false));
    });
  }

  #set(place: Place): void {
    this.#place = place;
    for (const tell of this.#listeners) tell();
  }
}
