/** The session of this page, in this browser. */

import { browserOutside, type Me, type Outside } from '@agent/ui';
import { useSyncExternalStore } from 'react';
import { send } from './http';
import { forget, keep, recalled } from './preferences';
import { type Entry, type News, Session } from './session';

/** A hash of a password takes its time, and waits for those before it. */
const HASHING_MS = 20_000;

const OWNER = 'appliance.owner';

/** Of the shift and the call that somebody left here. */
const THEIRS = ['appliance.shift', 'appliance.call.agent'] as const;

const tabs = new BroadcastChannel('appliance.session');

export const session = new Session({
  me: () => send<Me>({ path: '/auth/me' }),
  signIn: (name, password) =>
    send<Me>({ path: '/auth/login', body: { name, password }, timeoutMs: HASHING_MS }),
  newPassword: (old, fresh, csrf) =>
    send<Me>({ path: '/auth/password', body: { old, new: fresh }, csrf, timeoutMs: HASHING_MS }),
  signOut: (everywhere, csrf) =>
    send({ path: everywhere ? '/auth/logout-everywhere' : '/auth/logout', body: {}, csrf }),
  tellTabs: (news) => tabs.postMessage(news),
  makeOwner: (id) => {
    if (recalled(OWNER) === id) return;
    clear();
    keep(OWNER, id);
  },
  forget: clear,
  reload: (where) => (where === 'here' ? location.reload() : location.assign('/')),
  later: browserOutside().later,
});

tabs.onmessage = ({ data }: MessageEvent<News>) => session.onNews(data);

// What somebody may do can change while their page lies behind others.
document.addEventListener('visibilitychange', () => {
  if (session.isWatched && document.visibilityState === 'visible') void session.look();
});

export function useEntry(): Entry {
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

/** The world of a socket whose people have to be signed in. */
export function staffOutside(): Outside {
  return { ...browserOutside(), whenSignedIn: session.whenSignedIn };
}

function clear(): void {
  const call = recalled('appliance.call.agent') as { callId?: unknown } | null;
  if (typeof call?.callId === 'string') void browserOutside().stash.drop(call.callId);
  for (const key of [...THEIRS, OWNER]) forget(key);
}
