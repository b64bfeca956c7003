import { expect, test } from 'vitest';
import { advised, alerted, felt, said } from '../testing/messages';
import type { ServerMessage, SessionDetail, StoredEvent } from '../wire/types';
import { callFromRecord } from './restore';
import { currentWarning } from './state';

const event = (seq: number, kind: string, payload: object): StoredEvent => ({
  seq,
  at_ms: seq * 100,
  wall: '2026-01-01T00:00:00Z',
  kind,
  payload: { ...payload, type: kind },
});
const message = (sent: ServerMessage) => event(sent.seq, sent.type, sent);

const record = (events: StoredEvent[]): SessionDetail => ({
  session: {
    call_id: 'c1',
    started: '2026-01-01T00:00:00Z',
    ended: null,
    status: 'active',
    reason: null,
    agent: 'Ann',
    customer: 'Ada',
    language: 'en',
    turns: 1,
    concern: '',
    outcome: '',
    summary: '',
    queue: '',
    mood: null,
    call_score: null,
    trend: null,
    alerts: [],
    matches: [],
  },
  events,
});

test('a call comes back from its record, verdicts included', () => {
  const call = callFromRecord(
    record([
      event(1, 'call_started', { language: '' }),
      message(said(2, 'hello')),
      message(advised(3, 'Ask', { is_final: true, status: 'done' })),
      event(4, 'feedback', { id: 'a1', verdict: 'used' }),
    ]),
    'agent',
  );
  expect(call).toMatchObject({
    lastSeq: 3,
    lines: [{ text: 'hello' }],
    advice: [{ verdict: 'used' }],
  });
});

test('the mood comes back, and a warning that was put away does not', () => {
  const events = [
    message(said(1, 'terrible')),
    message(felt(2, 't1', 'negative', { trend: 'down' })),
    message(alerted(3)),
  ];
  const before = callFromRecord(record(events), 'agent');
  expect(before.mood).toMatchObject({ trend: 'down', readings: [{ line: 't1' }] });
  expect(currentWarning(before)?.id).toBe('mood-1');
  const dismissed = event(4, 'feedback', { id: 'mood-1', verdict: 'dismissed' });
  expect(currentWarning(callFromRecord(record([...events, dismissed]), 'agent'))).toBeNull();
});

test('an event of a newer box, or a broken one, is passed over', () => {
  const call = callFromRecord(
    record([
      event(1, 'weather', {}),
      event(2, 'feedback', { id: 4, verdict: 'loud' }),
      event(3, 'transcript', { text: 4 }),
      message(said(4, 'still here')),
    ]),
    'agent',
  );
  expect(call.lines).toMatchObject([{ text: 'still here' }]);
});
