import type { SessionDetail } from '@agent/ui';
import { expect, test } from 'vitest';
import { advised, felt, said } from '../../../packages/agent-ui/src/testing/messages';
import { Film } from './replay';

function film(count: number): Film {
  const events = Array.from({ length: count }, (_, n) => ({
    seq: n + 1,
    at_ms: n * 100,
    wall: '',
    kind: 'transcript',
    payload: { ...said(n + 1, `line ${n}`) },
  }));
  return new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
}

test('at a moment there is what had been said by then, and no more', () => {
  expect(film(1000).at(450).call.lines).toHaveLength(5);
  expect(film(1000).at(-1).call.lines).toHaveLength(0);
  expect(film(1000).at(1e9).call.lines).toHaveLength(1000);
});

test('the same moment is the same screen, however one got there', () => {
  const [forward, jumped] = [film(1000), film(1000)];
  for (let ms = 0; ms < 90_000; ms += 700) forward.at(ms);
  jumped.at(99_000);
  expect(jumped.at(43_210)).toEqual(forward.at(43_210));
});

test('an event is never shown before the one recorded before it', () => {
  const events = [
    { seq: 1, at_ms: 900, wall: '', kind: 'transcript', payload: { ...said(1, 'first') } },
    { seq: 2, at_ms: 500, wall: '', kind: 'ai_suggestion', payload: { ...advised(2, 'Ask') } },
    { seq: 3, at_ms: 950, wall: '', kind: 'feedback', payload: { id: 'a1', verdict: 'used' } },
    { seq: 4, at_ms: 980, wall: '', kind: 'advice_became', payload: { id: 'a1', fate: 'said' } },
    { seq: 5, at_ms: 990, wall: '', kind: 'weather', payload: {} },
  ];
  const mixed = new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
  expect(mixed.at(899).call.advice).toEqual([]);
  expect(mixed.at(900).call.advice).toMatchObject([{ suggestion: 'Ask', verdict: null }]);
  expect(mixed.at(960).call.advice).toMatchObject([{ verdict: 'used', fate: null }]);
  expect(mixed.at(985).call.advice).toMatchObject([{ verdict: 'used', fate: 'said' }]);
  expect(mixed.durationMs).toBe(990);
});

test('the mood is shown when it was read', () => {
  const events = [
    { seq: 1, at_ms: 100, wall: '', kind: 'transcript', payload: { ...said(1, 'no') } },
    { seq: 2, at_ms: 700, wall: '', kind: 'sentiment', payload: { ...felt(2, 't1', 'negative') } },
  ];
  const mood = new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
  expect(mood.at(699).call.mood.readings).toEqual([]);
  expect(mood.at(700).call.mood.readings).toMatchObject([{ line: 't1', label: 'negative' }]);
});

test('who listens is shown for as long as they do, told or not', () => {
  const sam = { person: 'p1', name: 'Sam' };
  const does = ['follow', 'follow', 'hear', 'leave', 'hear_no_more', 'leave', 'leave'];
  const events = does.map((what, n) => ({
    seq: n + 1,
    at_ms: n * 100,
    wall: '',
    kind: 'overheard',
    payload: { ...sam, does: what },
  }));
  const call = new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
  const seen = does.map((_, n) => {
    const { following, hearing, names } = call.at(n * 100).call.supervision;
    return [following, hearing, names.join()];
  });
  expect(seen).toEqual([
    [1, 0, 'Sam'],
    [2, 0, 'Sam'],
    [2, 1, 'Sam'],
    [1, 0, 'Sam'],
    [1, 0, 'Sam'],
    [0, 0, ''],
    [0, 0, ''],
  ]);
});

test('a call without events is a film without length', () => {
  const empty = film(0);
  expect([empty.durationMs, empty.at(0).call.lines.length]).toEqual([0, 0]);
  expect(empty.voice('agent', 3)).toEqual([0, 0, 0]);
  expect(empty.stretches()).toEqual([]);
});

function eventful(): Film {
  const partner = (role: string, event: string) => ({ type: 'partner', role, event, name: '' });
  const gap = { type: 'gap', speaker: 'customer', start_ms: 700, end_ms: 800, reason: 'paused' };
  const payloads: [number, object][] = [
    [0, { ...said(1, 'hello'), start_ms: 0, end_ms: 250 }],
    [100, partner('customer', 'muted')],
    [300, partner('agent', 'holding')],
    [500, partner('agent', 'unholding')],
    [800, gap],
    [900, partner('customer', 'holding')],
    [999, { type: 'status', part: 'call', state: 'ended', text: '', lag_ms: 0 }],
  ];
  const events = payloads.map(([at_ms, payload], n) => ({
    seq: n + 1,
    at_ms,
    wall: '',
    kind: 'any',
    payload: { ...payload, seq: n + 1 },
  }));
  return new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
}

test('holds, mutes and gaps come and go in step', () => {
  const film = eventful();
  expect(film.at(99).call.partner.muted).toBe(false);
  expect(film.at(100).call.partner.muted).toBe(true);
  expect([299, 300, 499, 500].map((ms) => film.at(ms).agent.holding)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(film.stretches()).toEqual([
    { kind: 'paused', from: 700, to: 800 },
    { kind: 'held', from: 300, to: 500 },
    { kind: 'held', from: 900, to: 999 },
  ]);
});

test('the track shows who spoke when', () => {
  const speaker = said(1, 'hello').speaker;
  expect(eventful().voice(speaker, 4)).toEqual([1, 0, 0, 0]);
  expect(eventful().voice(speaker === 'agent' ? 'customer' : 'agent', 4)).toEqual([0, 0, 0, 0]);
});

test('two films of one call are the same at every moment, in whatever order one looks', () => {
  const [one, other] = [eventful(), eventful()];
  const moments = Array.from({ length: 50 }, (_, n) => (n * 397) % 1000);
  const seen = moments.map((ms) => JSON.stringify(one.at(ms)));
  const again = moments.toReversed().map((ms) => JSON.stringify(other.at(ms)));
  expect(again.toReversed()).toEqual(seen);
});
