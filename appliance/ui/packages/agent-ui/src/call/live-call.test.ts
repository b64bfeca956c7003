import { expect, test } from 'vitest';
import { advised, chatted, hello, said } from '../testing/messages';
import { quiet, World } from '../testing/world';
import { encodeFrame } from '../wire/frame';
import { DEAD_MS, LiveCall } from './live-call';

const TICKET = { callId: 'c1', role: 'agent', name: 'Ann', startedAt: 0 } as const;

async function started(world = new World()): Promise<{ world: World; live: LiveCall }> {
  const live = new LiveCall(TICKET, world.outside);
  await live.start();
  return { world, live };
}

async function connected(): Promise<{ world: World; live: LiveCall }> {
  const { world, live } = await started();
  world.socket.open();
  world.socket.say(hello());
  return { world, live };
}

test('the first socket says hello, the next one resumes where it stopped', async () => {
  const { world, live } = await connected();
  expect(world.socket.told[0]).toMatchObject({ type: 'hello', role: 'agent', name: 'Ann' });
  world.socket.say(said(7, 'hi'));
  world.socket.drop();
  expect(live.snapshot().connection).toBe('retrying');
  world.pass(300);
  world.socket.open();
  expect(world.socket.told[0]).toMatchObject({ type: 'resume', epoch: 'e1', last_seq: 7 });
});

test('a box that stays away is tried less and less often, but for ever', async () => {
  const { world } = await started();
  const waits: number[] = [];
  for (let n = 0; n < 8; n++) {
    const [before, sockets] = [world.now, world.sockets.length];
    world.socket.drop();
    while (world.sockets.length === sockets) world.pass(50);
    waits.push(world.now - before);
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test('when the browser says that the network is back, nobody waits', async () => {
  const { world, live } = await connected();
  world.socket.drop();
  live.reconnect();
  expect(world.sockets).toHaveLength(2);
  world.pass(1000);
  expect(world.sockets).toHaveLength(2);
});

test('sound spoken while the line is down arrives after it', async () => {
  const { world, live } = await connected();
  live.speak(quiet(), 0);
  live.speak(quiet(), 20);
  expect(world.socket.frames).toEqual([0, 1]);
  world.socket.say({ type: 'ack', seq: 0, audio_seq: 0 });
  world.socket.drop();
  live.speak(quiet(), 40);
  world.pass(300);
  world.socket.open();
  world.socket.say(hello({ next_audio_seq: 1 }));
  expect(world.socket.frames).toEqual([1, 2]);
});

test('a socket that is full is not filled further', async () => {
  const { world, live } = await connected();
  world.socket.bufferedAmount = 1e6;
  live.speak(quiet(), 0);
  expect(world.socket.frames).toEqual([]);
  world.socket.bufferedAmount = 0;
  world.pass(600);
  expect(world.socket.frames).toEqual([0]);
});

test('a line that is dead without being closed is opened anew', async () => {
  const { world, live } = await connected();
  const dead = world.socket;
  for (let ms = 0; ms < DEAD_MS + 1000; ms += 20) {
    live.speak(quiet(), ms);
    world.pass(20);
  }
  expect(dead.closed).toBe(true);
  expect(world.sockets.length).toBe(2);
});

test('a line that is quiet because nobody speaks is left alone', async () => {
  const { world } = await connected();
  world.pass(60_000);
  expect(world.sockets).toHaveLength(1);
});

test('a typed line is sent again until it is shown back, and then no more', async () => {
  const { world, live } = await connected();
  live.chat('hello');
  expect(live.snapshot().call.pending).toHaveLength(1);
  world.socket.drop();
  world.pass(300);
  world.socket.open();
  world.socket.say(hello());
  expect(world.socket.told.at(-1)).toEqual({ type: 'chat', text: 'hello', ref: 'r1' });
  world.socket.say(chatted(1, 'hello', { ref: 'r1' }));
  world.socket.drop();
  world.pass(600);
  world.socket.open();
  world.socket.say(hello());
  expect(world.socket.told.filter((message) => message['type'] === 'chat')).toEqual([]);
});

test('a hang-up while the line is down is said when it is back; a question is not', async () => {
  const { world, live } = await connected();
  world.socket.drop();
  live.tell({ type: 'ask', text: 'and now?' });
  live.tell({ type: 'hangup' });
  world.pass(300);
  world.socket.open();
  world.socket.say(hello());
  expect(world.socket.told.map((message) => message['type'])).toEqual(['resume', 'hangup']);
});

test('what was not sent outlives a reload', async () => {
  const { world, live } = await connected();
  world.socket.drop();
  live.chat('unsent');
  live.speak(quiet(), 0);
  world.pass(600);
  live.close();
  const next = await started(world);
  world.socket.open();
  world.socket.say(hello());
  expect(next.live.snapshot().call.pending).toMatchObject([{ text: 'unsent' }]);
  expect(world.socket.frames).toEqual([0]);
  expect(world.socket.told.at(-1)).toMatchObject({ type: 'chat', text: 'unsent' });
  world.socket.say({ type: 'ack', seq: 0, audio_seq: 0 });
  world.socket.say(chatted(1, 'unsent', { ref: 'r1' }));
  world.pass(600);
  expect(world.disk.size).toBe(0);
});

test.each([
  [4409, 'replaced'],
  [4403, 'refused'],
  [4404, 'refused'],
  [4408, 'refused'],
])('after a close with %i the page does not fight', async (code, connection) => {
  const { world, live } = await connected();
  world.socket.drop(code);
  expect(live.snapshot().connection).toBe(connection);
  world.pass(60_000);
  expect(world.sockets).toHaveLength(1);
});

test('a call that has ended is not opened again', async () => {
  const { world, live } = await connected();
  world.socket.say({ type: 'status', seq: 1, part: 'call', state: 'ended', text: '', lag_ms: 0 });
  world.socket.drop(1000);
  expect(live.snapshot().connection).toBe('closed');
});

test('a box that could not send all at once is asked for the rest at once', async () => {
  const { world } = await connected();
  world.socket.say(said(1000, 'x'));
  world.socket.drop(1013);
  world.pass(0);
  world.socket.open();
  expect(world.socket.told[0]).toMatchObject({ last_seq: 1000 });
});

test('nonsense from the box changes nothing and breaks nothing', async () => {
  const { world, live } = await connected();
  const before = live.snapshot();
  for (const data of ['{', 'null', '{"type":"weather"}', new ArrayBuffer(3), new Blob([]), 5]) {
    world.socket.raw(data);
  }
  expect(live.snapshot()).toBe(before);
});

test('the voice of the other person is handed on', async () => {
  const { world, live } = await connected();
  const heard: number[] = [];
  live.hear((frame) => heard.push(frame.seq));
  world.socket.raw(encodeFrame({ seq: 3, tMs: 60, pcm: quiet() }));
  expect(heard).toEqual([3]);
});

test('a verdict is shown at once and told to the box', async () => {
  const { world, live } = await connected();
  world.socket.say(advised(1, 'Ask'));
  live.judge('a1', 'dismissed', 'wrong');
  expect(live.snapshot().call.advice[0]?.verdict).toBe('dismissed');
  expect(world.socket.told.at(-1)).toEqual({
    type: 'feedback',
    id: 'a1',
    verdict: 'dismissed',
    reason: 'wrong',
  });
});

test('where nobody is signed in any more, the call waits for that and then goes on', async () => {
  const { world, live } = await connected();
  live.chat('typed meanwhile');
  world.socket.drop(4401);
  world.pass(60_000);
  expect([world.sockets.length, live.snapshot().connection]).toEqual([1, 'retrying']);
  world.signIn();
  world.socket.open();
  world.socket.say(hello());
  expect(world.socket.told.map(({ type }) => type)).toEqual(['resume', 'chat']);
});

test('where nobody can sign in, a call that wants it is over', async () => {
  const world = new World();
  const live = new LiveCall(TICKET, { ...world.outside, whenSignedIn: null });
  await live.start();
  world.socket.drop(4401);
  expect(live.snapshot().connection).toBe('refused');
});

test('a call that was left while nobody was signed in stays left', async () => {
  const { world, live } = await connected();
  world.socket.drop(4401);
  world.pass(1000);
  live.close();
  world.signIn();
  expect(world.sockets).toHaveLength(1);
});
