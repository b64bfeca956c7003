/**
 * Who is signed in, as this page knows it, and what happens to the page when that changes.
 *
 *     asking --> out --signs in--> must_change --new password--> in
 *                 ^                                              |
 *                 +------- the sign-in ended, or was ended ------+
 *
 * A page that somebody has used keeps what is on it while nobody is signed in (`person` is
 * still there, and `state` is `out`): the sign-in lies over it. Whoever then signs in as
 * somebody else gets a new page, and nothing of what the first one saw.
 */

import type { Me } from '@agent/ui';
import { Refusal } from './http';

export type Entry = Readonly<{
  state: 'asking' | 'unreachable' | 'out' | 'must_change' | 'in';
  /** Whose page this is; null before anybody could use it. */
  person: Me | null;
  /** As the box knows whoever is at the door; null for nobody. */
  me: Me | null;
}>;

/** What tabs tell each other. */
export type News = 'in' | 'out';

/** What a session needs of the world; a test gives it another. */
export type Doors = Readonly<{
  me: () => Promise<Me>;
  signIn: (name: string, password: string) => Promise<Me>;
  newPassword: (old: string, fresh: string, csrf: string) => Promise<Me>;
  signOut: (everywhere: boolean, csrf: string) => Promise<unknown>;
  tellTabs: (news: News) => void;
  /** What is kept in this browser is this person's from now on. */
  makeOwner: (id: string) => void;
  /** Forget all that is kept of whoever was here. */
  forget: () => void;
  /** The page begins anew: here, or where everybody begins. */
  reload: (where: 'here' | 'start') => void;
  later: (run: () => void, ms: number) => () => void;
}>;

const ASK_AGAIN_MS = 3_000;

export class Session {
  #entry: Entry = { state: 'asking', person: null, me: null };
  #stopAsking: (() => void) | null = null;
  /** The one-time password of somebody who has just typed it: it is asked for again. */
  #typed = '';
  #asked = 0;
  #waiting: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(private readonly doors: Doors) {}

  readonly snapshot = (): Entry => this.#entry;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether a page shows the sign-in when it is needed; that of customers does not. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** What every change carries; '' where nobody is signed in. */
  get csrf(): string {
    return this.#entry.me?.csrf ?? '';
  }

  /** The password that was just typed at the door, '' if it was not. */
  get typed(): string {
    return this.#typed;
  }

  /** Ask the box who is signed in. A box that does not answer is asked again. */
  async look(): Promise<void> {
    this.#stopAsking?.();
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const me = await this.doors.me();
      // Told before somebody signed in, and come after it, it would sign them out.
      if (asked === this.#asked) this.#heard(me);
    } catch {
      if (this.#entry.state === 'asking') this.#set({ state: 'unreachable' });
      if (this.#entry.state !== 'in' || this.#waiting.length > 0) this.#askAgain();
    }
  }

  /** Whether the token that a change carried is an old one: somebody has signed in since. */
  async hasNewToken(used: string): Promise<boolean> {
    await this.look();
    return this.csrf !== '' && this.csrf !== used;
  }

  /** Throws Refusal or Unreachable, and then nothing has changed. */
  async signIn(name: string, password: string): Promise<void> {
    const me = await this.doors.signIn(name, password);
    if (me.must_change) this.#typed = password;
    this.#cameIn(me);
  }

  /** Throws Refusal or Unreachable. */
  async changePassword(old: string, fresh: string): Promise<void> {
    const me = await this.doors.newPassword(old, fresh, this.csrf);
    this.#typed = '';
    this.#cameIn(me);
  }

  /** Throws Unreachable: then they are still signed in. */
  async signOut(everywhere: boolean): Promise<void> {
    try {
      await this.doors.signOut(everywhere, this.csrf);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error;
    }
    this.doors.tellTabs('out');
    this.#leave();
  }

  /** Runs once somebody may use this page, which may be now; the result takes it back. */
  readonly whenSignedIn = (run: () => void): (() => void) => {
    this.#waiting.push(run);
    void this.look();
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== run);
    };
  };

  /** Another tab of this browser. */
  readonly onNews = (news: News): void => {
    // A customer's page has nothing to do with the staff of the same browser.
    if (!this.isWatched) return;
    if (news === 'out') this.#leave();
    else void this.look();
  };

  #cameIn(me: Me): void {
    this.#asked += 1;
    this.#heard(me);
    this.doors.tellTabs('in');
  }

  #heard(me: Me): void {
    const { person } = this.#entry;
    if (me.id === '') this.#set({ state: 'out', me: null });
    else if (person !== null && person.id !== me.id) this.doors.reload('here');
    else if (me.must_change) this.#set({ state: 'must_change', me });
    else {
      this.doors.makeOwner(me.id);
      this.#set({ state: 'in', me, person: me });
      for (const run of this.#waiting.splice(0)) run();
    }
  }

  #leave(): void {
    this.doors.forget();
    this.doors.reload('start');
  }

  #askAgain(): void {
    this.#stopAsking = this.doors.later(() => void this.look(), ASK_AGAIN_MS);
  }

  #set(change: Partial<Entry>): void {
    this.#entry = { ...this.#entry, ...change };
    for (const tell of this.#listeners) tell();
  }
}
