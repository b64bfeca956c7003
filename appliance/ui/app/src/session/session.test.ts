import type { Me } from '@agent/ui';
import { expect, test } from 'vitest';
import { Refusal, Unreachable } from './http';
import { type Doors, Session } from './session';

const NOBODY: Me = {
  id: '',
  name: '',
  roles: [],
  must_change: false,
  password_length: 0,
  csrf: '',
};
const ANN: Me = { ...NOBODY, id: 'a', name: 'Ann', roles: ['agent'], csrf: '1' };
const BOB: Me = { ...ANN, id: 'b', name: 'Bob', csrf: '2' };

/** A box and a browser that a test moves by hand. */
class World {
  /** Whom the box knows; an error is what it answers instead. */
  there: Me | Error = NOBODY;
  readonly news: string[] = [];
  readonly reloads: string[] = [];
  owner = '';
  timers: (() => void)[] = [];

  readonly doors: Doors = {
    me: async () => this.#answer(),
    signIn: async () => this.#answer(),
    newPassword: async () => {
      this.there = { ...(await this.#answer()), must_change: false, csrf: 'fresh' };
      return this.there;
    },
    signOut: async () => this.#answer(),
    tellTabs: (news) => this.news.push(news),
    makeOwner: (id) => {
      this.owner = id;
    },
    forget: () => {
      this.owner = '';
    },
    reload: (where) => this.reloads.push(where),
    later: (run) => {
      this.timers.push(run);
      return () => {
        this.timers = this.timers.filter((other) => other !== run);
      };
    },
  };

  async #answer(): Promise<Me> {
    if (this.there instanceof Error) throw this.there;
    return this.there;
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

function watched(there: Me | Error = NOBODY): { world: World; session: Session } {
  const world = new World();
  world.there = there;
  const session = new Session(world.doors);
  session.subscribe(() => {});
  return { world, session };
}

test('a stranger is asked to sign in, and is in', async () => {
  const { world, session } = watched();
  await session.look();
  expect(session.snapshot()).toMatchObject({ state: 'out', person: null });
  world.there = ANN;
  await session.signIn('Ann', 'secret');
  expect(session.snapshot()).toMatchObject({ state: 'in', person: ANN });
  expect([world.owner, world.news, session.csrf]).toEqual(['a', ['in'], '1']);
});

test('who is refused stays outside, and the page hears why', async () => {
  const { world, session } = watched();
  await session.look();
  world.there = new Refusal(401, 'No.', 'Try.');
  await expect(session.signIn('Ann', 'wrong')).rejects.toBe(world.there);
  expect(session.snapshot().state).toBe('out');
});

test('a one-time password lets nobody in, and is remembered until it is changed', async () => {
  const { world, session } = watched();
  world.there = { ...ANN, must_change: true };
  await session.signIn('Ann', 'once');
  expect(session.snapshot()).toMatchObject({ state: 'must_change', person: null });
  expect(session.typed).toBe('once');
  await session.changePassword('once', 'green kettle under nine clouds');
  expect(session.snapshot()).toMatchObject({ state: 'in' });
  expect([session.typed, session.csrf]).toEqual(['', 'fresh']);
});

test('what waits for a sign-in runs after it, and the page stays whose it was', async () => {
  const { world, session } = watched(ANN);
  await session.look();
  world.there = NOBODY;
  const ran: string[] = [];
  session.whenSignedIn(() => ran.push('save'));
  const stop = session.whenSignedIn(() => ran.push('socket'));
  await settled();
  stop();
  expect(session.snapshot()).toMatchObject({ state: 'out', person: ANN });
  expect(ran).toEqual([]);
  world.there = { ...ANN, csrf: '9' };
  await session.signIn('Ann', 'secret');
  expect([ran, session.csrf, world.reloads]).toEqual([['save'], '9', []]);
});

test('what waits does not wait where somebody is signed in after all', async () => {
  const { session } = watched(ANN);
  await session.look();
  const ran: string[] = [];
  session.whenSignedIn(() => ran.push('socket'));
  await settled();
  expect(ran).toEqual(['socket']);
});

test('somebody else gets a new page', async () => {
  const { world, session } = watched(ANN);
  await session.look();
  world.there = BOB;
  const ran: string[] = [];
  await session.signIn('Bob', 'secret');
  expect(world.reloads).toEqual(['here']);
  expect([session.snapshot().person, ran]).toEqual([ANN, []]);
});

test('an answer from before the sign-in signs nobody out', async () => {
  const { world, session } = watched();
  let answer: (me: Me) => void = () => {};
  const late = new Promise<Me>((resolve) => {
    answer = resolve;
  });
  const slow = new Session({ ...world.doors, me: () => late });
  const looking = slow.look();
  world.there = ANN;
  await slow.signIn('Ann', 'secret');
  answer(NOBODY);
  await looking;
  expect(slow.snapshot().state).toBe('in');
  expect(session.snapshot().state).toBe('asking');
});

test('a box that does not answer is asked again, and takes nobody’s page away', async () => {
  const { world, session } = watched(new Unreachable());
  await session.look();
  expect(session.snapshot().state).toBe('unreachable');
  world.there = ANN;
  for (const run of world.timers.splice(0)) run();
  await settled();
  world.there = new Unreachable();
  await session.look();
  expect([session.snapshot().state, world.timers]).toEqual(['in', []]);
});

test('a sign-out leaves nothing, here and in other tabs', async () => {
  const { world, session } = watched(ANN);
  await session.look();
  await session.signOut(false);
  expect([world.owner, world.news, world.reloads]).toEqual(['', ['out'], ['start']]);
  session.onNews('out');
  expect(world.reloads).toEqual(['start', 'start']);
});

test('a sign-out that did not reach the box is none', async () => {
  const { world, session } = watched(ANN);
  await session.look();
  world.there = new Unreachable();
  await expect(session.signOut(true)).rejects.toBe(world.there);
  expect([world.owner, world.reloads]).toEqual(['a', []]);
  world.there = new Refusal(401, 'Nobody is signed in here.', 'Sign in first.');
  await session.signOut(true);
  expect(world.reloads).toEqual(['start']);
});

test('a customer’s page hears nothing of the staff in other tabs', () => {
  const world = new World();
  new Session(world.doors).onNews('out');
  expect(world.reloads).toEqual([]);
});

test('a token is new once somebody has signed in elsewhere in this browser', async () => {
  const { world, session } = watched(ANN);
  await session.look();
  expect(await session.hasNewToken('1')).toBe(false);
  world.there = { ...ANN, csrf: '2' };
  expect(await session.hasNewToken('1')).toBe(true);
});
