import { expect, test } from 'vitest';
import { hello, said } from '../testing/messages';
import { World } from '../testing/world';
import type { LegFrame } from '../wire/frame';
import { Following } from './following';

function legFrame(leg: number, seq: number, tMs: number): ArrayBuffer {
  const buffer = new ArrayBuffer(12 + 3200);
  const view = new DataView(buffer);
  [leg, seq, tMs].forEach((value, n) => {
    view.setUint32(4 * n, value, true);
  });
  view.setInt16(12, 7, true);
  return buffer;
}

function followed(): { world: World; following: Following; heard: LegFrame[] } {
  const world = new World();
  const following = new Following('c1', world.outside);
  const heard: LegFrame[] = [];
  following.hear((frame) => heard.push(frame));
  following.start();
  world.socket.open();
  world.socket.say(hello({ partner: 'Ada' }));
  return { world, following, heard };
}

test('a call is followed from its beginning, in silence', () => {
  const { world, following } = followed();
  expect(world.socket.path).toBe('/ws/listen/c1');
  expect(world.socket.told).toEqual([{ type: 'follow', epoch: '', last_seq: 0 }]);
  world.socket.say(said(1, 'My card is lost'));
  const { call, connection, listens } = following.snapshot();
  expect(call.lines).toMatchObject([{ text: 'My card is lost' }]);
  expect(call.partner.name).toBe('Ada');
  expect([connection, listens]).toEqual(['open', false]);
});

test('sound is asked for, and each voice comes as itself', () => {
  const { world, following, heard } = followed();
  world.socket.raw(legFrame(0, 0, 0));
  expect(heard).toEqual([]);
  following.listen(true);
  expect(world.socket.told.at(-1)).toEqual({ type: 'listen', audio: true });
  world.socket.raw(legFrame(0, 5, 500));
  world.socket.raw(legFrame(1, 9, 480));
  expect(heard.map(({ speaker, seq, tMs }) => [speaker, seq, tMs])).toEqual([
    ['agent', 5, 500],
    ['customer', 9, 480],
  ]);
  expect(heard[0]?.pcm[0]).toBe(7);
  following.listen(false);
  expect(world.socket.told.at(-1)).toEqual({ type: 'listen', audio: false });
});

test('what a slow line did not get is counted, and a pause of the speaker is not', () => {
  const { world, following } = followed();
  following.listen(true);
  world.socket.raw(legFrame(0, 0, 0));
  world.socket.raw(legFrame(0, 1, 5000));
  expect(following.snapshot().missedMs).toBe(0);
  world.socket.raw(legFrame(0, 4, 5300));
  expect(following.snapshot().missedMs).toBe(200);
});

test('after a drop it goes on where it was, and is heard as before', () => {
  const { world, following } = followed();
  following.listen(true);
  world.socket.say(said(3, 'Hello'));
  world.socket.drop();
  expect(following.snapshot().connection).toBe('retrying');
  world.pass(300);
  world.socket.open();
  expect(world.socket.told).toEqual([{ type: 'follow', epoch: 'e1', last_seq: 3 }]);
  world.socket.say(hello());
  expect(world.socket.told.at(-1)).toEqual({ type: 'listen', audio: true });
});

test('a line that is thought dead is opened anew', () => {
  const { world, following } = followed();
  following.doubt();
  following.doubt();
  world.pass(10_000);
  expect(world.sockets).toHaveLength(2);
});

test.each([4403, 4408])('a refusal with %i is told, and final', (code) => {
  const { world, following } = followed();
  const error = { type: 'error', seq: 0, problem: 'No.', fix: 'Ask.' } as const;
  world.socket.say(error);
  world.socket.drop(code);
  world.pass(120_000);
  expect(world.sockets).toHaveLength(1);
  expect(following.snapshot()).toMatchObject({ connection: 'refused', refused: error });
});

test('where the sign-in has ended, it waits for another and goes on', () => {
  const { world, following } = followed();
  world.socket.drop(4401);
  world.pass(60_000);
  expect(following.snapshot().connection).toBe('retrying');
  world.signIn();
  expect(world.sockets).toHaveLength(2);
});

test('the end of the call ends it', () => {
  const { world, following } = followed();
  following.listen(true);
  world.socket.say({ type: 'status', seq: 9, part: 'call', state: 'ended', text: '', lag_ms: 0 });
  world.socket.drop(1000);
  world.pass(120_000);
  expect(world.sockets).toHaveLength(1);
  expect(following.snapshot()).toMatchObject({ connection: 'closed', listens: false });
});

test('nonsense from the box changes nothing', () => {
  const { world, following, heard } = followed();
  following.listen(true);
  const before = following.snapshot();
  for (const data of ['{', new ArrayBuffer(0), new ArrayBuffer(13), legFrame(7, 0, 0), 5]) {
    world.socket.raw(data);
  }
  expect(following.snapshot()).toBe(before);
  expect(heard).toEqual([]);
});
