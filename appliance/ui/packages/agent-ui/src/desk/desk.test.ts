import { expect, test } from 'vitest';
import { World } from '../testing/world';
import type { Duty } from '../wire/types';
import { DESK_DEAD_MS, Desk } from './desk';

const OFFER = { call_id: 'c1', name: 'Bob', reason: '', waited_ms: 0, queue: '', customer: null };

const duty = (fields: Partial<Duty> = {}): string =>
  JSON.stringify({ type: 'duty', seq: 0, state: 'available', call_id: '', offer: null, ...fields });

function arrived(): { world: World; desk: Desk } {
  const world = new World();
  const desk = new Desk({ state: 'available', callId: '' }, world.outside);
  desk.start();
  world.socket.open();
  world.socket.raw(duty());
  return { world, desk };
}

test('the box says what the agent is doing, and who rings', () => {
  const { world, desk } = arrived();
  expect(world.socket.path).toBe('/ws/agent');
  expect(world.socket.told).toEqual([{ type: 'on_duty', state: 'available', call_id: '' }]);
  world.socket.raw(duty({ offer: OFFER }));
  expect(desk.snapshot()).toMatchObject({ connection: 'open', offer: OFFER });
  world.socket.raw(duty({ state: 'on_call', call_id: 'c1' }));
  expect(desk.snapshot()).toMatchObject({ state: 'on_call', callId: 'c1', offer: null });
});

test('a box that was restarted hears how things stood', () => {
  const { world } = arrived();
  world.socket.raw(duty({ state: 'on_call', call_id: 'c1' }));
  world.socket.drop();
  world.pass(300);
  world.socket.open();
  expect(world.socket.told[0]).toMatchObject({ state: 'on_call', call_id: 'c1' });
});

test('a wish is seen at once, and what the box said before it does not undo it', () => {
  const { world, desk } = arrived();
  desk.be('away');
  expect(world.socket.told.at(-1)).toEqual({ type: 'be', state: 'away' });
  world.socket.raw(duty({ offer: OFFER }));
  expect(desk.snapshot()).toMatchObject({ state: 'away', offer: null });
  world.socket.raw(duty({ state: 'away' }));
  world.socket.raw(duty({ state: 'available' }));
  expect(desk.snapshot().state).toBe('available');
});

test('a wish of the time without a line is said when it is back', () => {
  const { world, desk } = arrived();
  world.socket.raw(duty({ state: 'wrap_up', call_id: 'c1' }));
  world.socket.drop();
  desk.be('available');
  world.pass(300);
  world.socket.open();
  world.socket.raw(duty({ state: 'wrap_up', call_id: 'c1' }));
  expect(world.socket.told.at(-1)).toEqual({ type: 'be', state: 'available' });
  world.socket.raw(duty());
  expect(desk.snapshot()).toMatchObject({ state: 'available', callId: '' });
});

test('what the box refuses is told, and its word counts again', () => {
  const { world, desk } = arrived();
  desk.be('away');
  world.socket.raw(JSON.stringify({ type: 'error', seq: 0, problem: 'No.', fix: 'Wait.' }));
  expect(desk.snapshot().refused).toMatchObject({ problem: 'No.' });
  world.socket.raw(duty());
  expect(desk.snapshot()).toMatchObject({ state: 'available', refused: null });
});

test('nobody rings while the line is down', () => {
  const { world, desk } = arrived();
  world.socket.raw(duty({ offer: OFFER }));
  world.socket.drop();
  expect(desk.snapshot()).toMatchObject({ connection: 'retrying', offer: null });
  desk.reconnect();
  expect(world.sockets).toHaveLength(2);
});

test('a line that is dead without being closed is opened anew', () => {
  const { world } = arrived();
  world.pass(DESK_DEAD_MS - 1000);
  world.socket.raw(duty());
  world.pass(DESK_DEAD_MS - 1000);
  expect(world.sockets).toHaveLength(1);
  world.pass(10_000);
  expect(world.sockets).toHaveLength(2);
});

test.each([
  [4409, 'replaced'],
  [4403, 'refused'],
  [4404, 'refused'],
  [4408, 'refused'],
])('after a close with %i the page does not fight', (code, connection) => {
  const { world, desk } = arrived();
  world.socket.drop(code);
  expect(desk.snapshot().connection).toBe(connection);
  world.pass(120_000);
  expect(world.sockets).toHaveLength(1);
});

test('the end of a shift is said, and nothing is opened again', () => {
  const { world, desk } = arrived();
  desk.leave();
  expect(world.socket.told.at(-1)).toEqual({ type: 'be', state: 'off' });
  expect(world.socket.closed).toBe(true);
  world.pass(120_000);
  expect(world.sockets).toHaveLength(1);
});

test('nonsense from the box, and what belongs to a call, change nothing', () => {
  const { world, desk } = arrived();
  const before = desk.snapshot();
  for (const data of [
    '{',
    '{"type":"ack","seq":0,"audio_seq":1}',
    duty({ state: 'x' as 'away' }),
    5,
  ]) {
    world.socket.raw(data);
  }
  expect(desk.snapshot()).toBe(before);
});
