import { expect, test } from 'vitest';
import { World } from '../testing/world';
import type { CallGoingOn, Floor, Wall } from '../wire/types';
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
  recording: 'off',
  following: 0,
  hearing: 0,
  alerts: [],
  queue: '',
  ...fields,
});

const AT = '2026-03-01T09:05:00Z';

const WALL: Wall = {
  agents: [],
  speech: 'live',
  suggestions: 'off',
  record: 'live',
  recordings: 'ok',
  lag_ms: 0,
  reading: 0,
  room: 4,
};

const told = (fields: Partial<Floor>): string =>
  JSON.stringify({
    type: 'floor',
    seq: 0,
    whole: false,
    at: AT,
    calls: [],
    over: [],
    wall: null,
    ...fields,
  });

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

test('what hangs beside the calls stays until it is told anew', () => {
  const { world, floor } = watching();
  expect(floor.snapshot().wall).toBeNull();
  world.socket.raw(told({ wall: WALL }));
  world.socket.raw(told({ over: ['c1'] }));
  expect(floor.snapshot().wall).toEqual(WALL);
});

test('what is out of the ordinary is over once a new socket does not tell of it', () => {
  const { world, floor } = watching();
  const late = {
    measure: 'asa',
    title: 'Average speed of answer',
    unit: 's',
    kind: 'unusual',
    value: 90,
    usual: 12,
    since: AT,
  };
  world.socket.raw(JSON.stringify({ type: 'unusual', seq: 0, anomalies: [late] }));
  world.socket.raw(told({}));
  expect(floor.snapshot().unusual).toEqual([late]);
  world.socket.drop();
  world.pass(300);
  world.socket.raw(told({ whole: true }));
  expect(floor.snapshot().unusual).toEqual([]);
});

test('times are those of the box, whatever the clock of the page says', () => {
  const { world, floor } = watching();
  world.pass(90_000);
  const { at, boxClock } = floor.snapshot();
  expect(at).toBe(Date.parse(AT));
  expect(boxClock + world.outside.now() - (at ?? 0)).toBe(90_000);
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
