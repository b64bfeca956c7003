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
  expect(film(1000).at(450).lines).toHaveLength(5);
  expect(film(1000).at(-1).lines).toHaveLength(0);
  expect(film(1000).at(1e9).lines).toHaveLength(1000);
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
    { seq: 4, at_ms: 990, wall: '', kind: 'weather', payload: {} },
  ];
  const mixed = new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
  expect(mixed.at(899).advice).toEqual([]);
  expect(mixed.at(900).advice).toMatchObject([{ suggestion: 'Ask', verdict: null }]);
  expect(mixed.at(960).advice).toMatchObject([{ verdict: 'used' }]);
  expect(mixed.durationMs).toBe(990);
});

test('the mood is shown when it was read', () => {
  const events = [
    { seq: 1, at_ms: 100, wall: '', kind: 'transcript', payload: { ...said(1, 'no') } },
    { seq: 2, at_ms: 700, wall: '', kind: 'sentiment', payload: { ...felt(2, 't1', 'negative') } },
  ];
  const mood = new Film({ session: { call_id: 'c1' }, events } as unknown as SessionDetail);
  expect(mood.at(699).mood.readings).toEqual([]);
  expect(mood.at(700).mood.readings).toMatchObject([{ line: 't1', label: 'negative' }]);
});

test('a call without events is a film without length', () => {
  const empty = film(0);
  expect([empty.durationMs, empty.at(0).lines.length]).toEqual([0, 0]);
  expect(empty.busy(3)).toEqual([0, 0, 0]);
});
