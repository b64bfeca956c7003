/** What must outlive the page: lines and sound that the box does not have yet. */

import type { Frame } from '../wire/frame';
import type { PendingChat } from './state';

export type Stashed = Readonly<{
  chats: readonly PendingChat[];
  frames: readonly Frame[];
}>;

export const NOTHING: Stashed = { chats: [], frames: [] };

/** A place that survives a reload. Neither method throws: a full disk must not end a call. */
export type Stash = Readonly<{
  load: (callId: string) => Promise<Stashed>;
  save: (callId: string, stashed: Stashed) => Promise<void>;
  drop: (callId: string) => Promise<void>;
}>;

const DATABASE = 'appliance';
const STORE = 'unsent';

/** In IndexedDB; where a browser refuses it (a private window), nothing is kept. */
export function browserStash(factory: IDBFactory): Stash {
  return {
    load: async (callId) => {
      const found = await attempt(factory, 'readonly', (store) => store.get(callId));
      return (found as Stashed | undefined) ?? NOTHING;
    },
    save: async (callId, stashed) => {
      await attempt(factory, 'readwrite', (store) => store.put(stashed, callId));
    },
    drop: async (callId) => {
      await attempt(factory, 'readwrite', (store) => store.delete(callId));
    },
  };
}

async function attempt(
  factory: IDBFactory,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const opening = factory.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await settled(opening);
    try {
      return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
