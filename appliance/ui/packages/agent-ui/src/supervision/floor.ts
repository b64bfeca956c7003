/** The floor, for whoever watches over it: calls, agents and the box, kept up to date. */

import { Link, type LinkOutside } from '../call/link';
import type { Connection } from '../call/port';
import { decodeFloor } from '../wire/decode';
import type { Anomaly, CallGoingOn, Floor, Wall } from '../wire/types';

export type FloorState = Readonly<{
  connection: Connection;
  /** The longest first; null until the box has told. */
  calls: readonly CallGoingOn[] | null;
  wall: Wall | null;
  /** Measures of the last hour that are out of the ordinary. */
  unusual: readonly Anomaly[];
  /** Of the newest message, in ms since 1970 by the clock of the box; null before the first. */
  at: number | null;
  /** What to add to this page's `now` to have the time of the box. */
  boxClock: number;
}>;

const CHECK_MS = 5_000;

/** The box says something every ten seconds. */
export const FLOOR_DEAD_MS = 25_000;

export class FloorWatch {
  #state: FloorState = {
    connection: 'connecting',
    calls: null,
    wall: null,
    unusual: [],
    at: null,
    boxClock: 0,
  };
  #stopChecking: (() => void) | null = null;
  readonly #link: Link;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly outside: LinkOutside) {
    this.#link = new Link('/ws/floor', outside, {
      greeting: () => null,
      heard: (data) => this.#onMessage(data),
      lost: (code) => this.#onClose(code),
    });
  }

  readonly snapshot = (): FloorState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#set({ connection: 'connecting' });
    this.#link.open();
    this.#check();
  }

  close(): void {
    this.#finish('closed');
  }

  #onMessage(data: unknown): void {
    const news = typeof data === 'string' ? decodeFloor(data) : null;
    if (news?.type === 'floor') this.#onFloor(news);
    if (news?.type === 'unusual') this.#set({ unusual: news.anomalies });
  }

  #onFloor(floor: Floor): void {
    this.#link.greeted();
    const calls = floor.whole ? floor.calls : changed(this.#state.calls ?? [], floor);
    const at = Date.parse(floor.at);
    const wall = floor.wall ?? this.#state.wall;
    // Of a new socket it is told after this, and only where there is any.
    const unusual = floor.whole ? [] : this.#state.unusual;
    const boxClock = at - this.outside.now();
    this.#set({ connection: 'open', calls, wall, unusual, at, boxClock });
  }

  #onClose(code: number): void {
    if (this.#link.isRefusal(code)) this.#finish('refused');
    else {
      this.#link.retry(code);
      this.#set({ connection: 'retrying' });
    }
  }

  #check(): void {
    this.#stopChecking = this.outside.later(() => {
      // A cable that was pulled closes nothing.
      const dead = this.#state.connection === 'open' && this.#link.silentMs > FLOOR_DEAD_MS;
      if (dead) this.#link.drop();
      this.#check();
    }, CHECK_MS);
  }

  #finish(connection: Connection): void {
    this.#stopChecking?.();
    this.#link.close();
    this.#set({ connection });
  }

  #set(change: Partial<FloorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}

function changed(before: readonly CallGoingOn[], floor: Floor): readonly CallGoingOn[] {
  const news = new Map(floor.calls.map((call) => [call.call_id, call]));
  const known = new Set(before.map((call) => call.call_id));
  return [
    ...before
      .filter((call) => !floor.over.includes(call.call_id))
      .map((call) => news.get(call.call_id) ?? call),
    ...floor.calls.filter((call) => !known.has(call.call_id)),
  ];
}
