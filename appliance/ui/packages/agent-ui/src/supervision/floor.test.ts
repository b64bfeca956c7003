import { expect, test } from 'vitest';
import { World } from '../testing/world';
import type { CallGoingOn, Floor } from '../wire/types';
import { FLOOR_DEAD_MS, FloorWatch } from './floor';

const going = (call_id: string, fields: Partial<CallGoingOn> = {}): CallGoingOn => ({
  call_id,
  state: 'active',
  agent: 'Ann',
  customer: 'Ada',
  reason: '',
  since: '2026-03-01T09:00:00Z',
  mood: null,
  trend: 'flat',
  unread: false,
  lag_ms: 0,
  following: 0,
  hearing: 0,
  ...fields,
});

const told = (fields: Partial<Floor>): string =>
  JSON.stringify({ type: 'floor', seq: 0, whole: false, calls: [], over: [], ...fields });

function watching(): { world: World; floor: FloorWatch } {
  const world = new World();
  const floor = new FloorWatch(world.outside);
  floor.start();
  world.socket.open();
  world.socket.raw(told({ whole: true, calls: [going('c1'), going('c2')] }));
  return { world, floor };
}

const ids = (floor: FloorWatch) => floor.snapshot().calls?.map((call) => call.call_id);

test('the box speaks first, and tells all calls', () => {
  const { world, floor } = watching();
  expect(world.socket.sent).toEqual([]);
  expect(ids(floor)).toEqual(['c1', 'c2']);
});

test('what has changed is changed in its place, what is new comes last, what is over goes', () => {
  const { world, floor } = watching();
  const calls = [going('c3'), going('c2', { mood: 'negative' })];
  world.socket.raw(told({ calls, over: ['c1', 'unknown'] }));
  expect(ids(floor)).toEqual(['c2', 'c3']);
  expect(floor.snapshot().calls?.[0]?.mood).toBe('negative');
});

test('a new socket tells all anew', () => {
  const { world, floor } = watching();
  world.socket.drop();
  world.pass(300);
  world.socket.raw(told({ whole: true, calls: [going('c9')] }));
  expect(ids(floor)).toEqual(['c9']);
});

test('a line that is dead without being closed is opened anew', () => {
  const { world } = watching();
  world.pass(FLOOR_DEAD_MS - 1000);
  world.socket.raw(told({}));
  world.pass(FLOOR_DEAD_MS - 1000);
  expect(world.sockets).toHaveLength(1);
  world.pass(10_000);
  expect(world.sockets).toHaveLength(2);
});

test('who may not see it does not knock again', () => {
  const { world, floor } = watching();
  world.socket.drop(4403);
  world.pass(120_000);
  expect(world.sockets).toHaveLength(1);
  expect(floor.snapshot().connection).toBe('refused');
});
