/** A call from its record: what a reloaded page shows before the socket says more. */

import { checked } from '../wire/decode';
import type { SessionDetail, StoredEvent } from '../wire/types';
import { judged, receive } from './advance';
import { type Call, newCall, type Role, type Verdict } from './state';

const VERDICTS: readonly string[] = ['used', 'copied', 'dismissed', 'good', 'bad'];

export function callFromRecord(detail: SessionDetail, role: Role): Call {
  return detail.events.reduce(withEvent, newCall(detail.session.call_id, role));
}

export function withEvent(call: Call, event: StoredEvent): Call {
  if (event.kind === 'feedback') return withFeedback(call, event);
  const message = checked(event.payload);
  return message === null ? call : receive(call, message);
}

function withFeedback(call: Call, { payload }: StoredEvent): Call {
  const { id, verdict } = payload;
  if (typeof id !== 'string' || !VERDICTS.includes(verdict as string)) return call;
  return judged(call, id, verdict as Verdict);
}
