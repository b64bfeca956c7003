import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { quiet } from '../testing/world';
import { browserStash, NOTHING } from './stash';

const FRAME = { seq: 4, tMs: 80, pcm: quiet() };

test('what is stashed comes back, for its own call', async () => {
  const stash = browserStash(new IDBFactory());
  await stash.save('c1', { chats: [{ ref: 'r', text: 'hi' }], frames: [FRAME] });
  expect(await stash.load('c1')).toEqual({ chats: [{ ref: 'r', text: 'hi' }], frames: [FRAME] });
  expect(await stash.load('c2')).toEqual(NOTHING);
  await stash.drop('c1');
  expect(await stash.load('c1')).toEqual(NOTHING);
});

test('a browser that keeps nothing does not end a call', async () => {
  const refusing = {
    open: () => {
      throw new DOMException('private window', 'SecurityError');
    },
  } as unknown as IDBFactory;
  const stash = browserStash(refusing);
  await stash.save('c1', NOTHING);
  expect(await stash.load('c1')).toEqual(NOTHING);
});
