import { expect, test } from 'vitest';
import { CHECKLIST } from '../stories/examples';
import { advised, alerted, chatted, felt, hello, said, summed } from '../testing/messages';
import type { ServerMessage } from '../wire/types';
import { judged, receive, typed } from './advance';
import { type Call, currentAdvice, currentWarning, languageOf, newCall } from './state';

const after = (...messages: ServerMessage[]): Call =>
  messages.reduce(receive, newCall('c1', 'agent'));

const texts = (call: Call) => call.lines.map((line) => (line.kind === 'gap' ? '-' : line.text));

test('a final replaces its own partial in place', () => {
  const call = after(
    said(1, 'helo', { id: 'a', is_final: false, start_ms: 0 }),
    said(2, 'and', { id: 'b', start_ms: 900 }),
    said(3, 'hello', { id: 'a', start_ms: 100 }),
  );
  expect(texts(call)).toEqual(['hello', 'and']);
});

test('lines are read in the order they were spoken, not the order they arrived', () => {
  const call = after(said(1, 'second', { start_ms: 900 }), said(2, 'first', { start_ms: 0 }));
  expect(texts(call)).toEqual(['first', 'second']);
});

test('a final without text withdraws its partials', () => {
  const call = after(said(1, 'uh', { id: 'a', is_final: false }), said(2, '', { id: 'a' }));
  expect(call.lines).toEqual([]);
});

test('words that the engine gave up on stay as a line that says so', () => {
  const call = after(said(1, '', { failed: true }));
  expect(call.lines).toMatchObject([{ failed: true }]);
});

test('a message that comes twice changes nothing', () => {
  const once = after(hello(), said(1, 'one'), chatted(2, 'two'));
  expect([said(1, 'one'), chatted(2, 'two')].reduce(receive, once)).toBe(once);
});

test('a call put together from a snapshot and a resumed socket has no line twice', () => {
  const messages = Array.from({ length: 40 }, (_, n) => said(n + 1, `line ${n}`));
  const snapshot = after(...messages.slice(0, 25));
  const whole = messages.slice(10).reduce(receive, snapshot);
  expect(texts(whole)).toEqual(messages.map((message) => message.text));
});

test('advice grows in one card, and stopping keeps what is written', () => {
  const call = after(
    advised(1, 'Ask for'),
    advised(2, 'Ask for the card'),
    advised(3, 'Ask for the card', { is_final: true, status: 'stopped' }),
  );
  expect(call.advice).toMatchObject([{ suggestion: 'Ask for the card', status: 'stopped' }]);
});

test('advice that was put away leaves the screen and does not come back with its next state', () => {
  const call = judged(after(advised(1, 'Ask')), 'a1', 'dismissed');
  expect(currentAdvice(call)).toBeNull();
  expect(currentAdvice(receive(call, advised(2, 'Ask for')))).toBeNull();
});

test('a line typed here is settled by its own echo alone', () => {
  const call = typed(typed(after(), 'r1', 'one'), 'r2', 'two');
  const echoed = receive(call, chatted(1, 'one', { ref: 'r1' }));
  expect(echoed.pending).toEqual([{ ref: 'r2', text: 'two' }]);
  expect(texts(echoed)).toEqual(['one']);
  const stranger = receive(echoed, chatted(2, 'x', { ref: 'r2', speaker: 'customer' }));
  expect(stranger.pending).toHaveLength(1);
});

test('who the partner is and what they do is known', () => {
  const call = after(
    hello({ partner: null }),
    { type: 'partner', seq: 1, role: 'customer', event: 'joined', name: 'Ada' },
    { type: 'partner', seq: 2, role: 'customer', event: 'muted', name: '' },
    { type: 'partner', seq: 3, role: 'agent', event: 'away', name: 'me' },
  );
  expect(call.partner).toEqual({ name: 'Ada', presence: 'here', muted: true, holding: false });
});

test('a line that the record brought already waits for no echo', () => {
  const recorded = after(chatted(1, 'one', { ref: 'r1' }));
  expect(typed(recorded, 'r1', 'one').pending).toEqual([]);
});

test('a box that has forgotten the numbers starts the screen afresh, typed lines apart', () => {
  const call = typed(after(hello(), said(5, 'old')), 'r1', 'unsent');
  const fresh = receive(call, hello({ epoch: 'e2' }));
  expect(fresh).toMatchObject({ lines: [], lastSeq: 0, epoch: 'e2', pending: [{ ref: 'r1' }] });
});

test('a part of the box that stops is known with its delay', () => {
  const call = after({
    type: 'status',
    seq: 1,
    part: 'speech',
    state: 'degraded',
    text: 'behind',
    lag_ms: 900,
  });
  expect(call.speech).toEqual({ state: 'degraded', text: 'behind', lagMs: 900 });
});

test('a thousand refusals are not kept', () => {
  const refusals = Array.from(
    { length: 1000 },
    () => ({ type: 'error', seq: 0, problem: 'p', fix: 'f' }) as const,
  );
  expect(after(...refusals).errors).toHaveLength(20);
});

test('each line has one reading, the newest, and the trend is that of the newest', () => {
  const call = after(
    felt(1, 't1', 'negative'),
    felt(2, 't2', 'neutral', { trend: 'up' }),
    felt(3, 't1', 'positive', { trend: 'down' }),
  );
  expect(call.mood.trend).toBe('down');
  expect(call.mood.readings).toMatchObject([
    { line: 't2', label: 'neutral' },
    { line: 't1', label: 'positive' },
  ]);
});

test('a warning stays until the mood has passed', () => {
  const raised = after(alerted(1));
  expect(currentWarning(raised)).toMatchObject({ id: 'mood-1', lines: ['t1', 't2'] });
  expect(currentWarning(receive(raised, alerted(2, { state: 'over', lines: [] })))).toBeNull();
});

test('a warning that is over uncovers the one before', () => {
  const both = after(alerted(1), alerted(2, { id: 'rule-1', kind: 'rule', text: 'Say it.' }));
  expect(currentWarning(both)).toMatchObject({ id: 'rule-1', text: 'Say it.' });
  const over = receive(both, alerted(3, { id: 'rule-1', kind: 'rule', state: 'over' }));
  expect(currentWarning(over)?.id).toBe('mood-1');
});

test('the newest checklist is the checklist', () => {
  expect(after().checklist).toBeNull();
  const call = after(CHECKLIST, { ...CHECKLIST, seq: 2, score: 75 });
  expect(call.checklist?.score).toBe(75);
});

test('a person is recognised in the language of their newest words', () => {
  const call = after(
    said(1, 'Hello', { language: 'en' }),
    said(2, 'Guten Tag', { language: 'de' }),
    said(3, 'Hello', { speaker: 'agent', language: 'fr' }),
  );
  expect(languageOf(call, 'customer')).toBe('de');
  expect(languageOf(call, 'agent')).toBe('fr');
  expect(languageOf(after(), 'agent')).toBe('');
});

test('a warning that was put away stays away, and the next one comes', () => {
  const away = judged(after(alerted(1)), 'mood-1', 'dismissed');
  expect(currentWarning(away)).toBeNull();
  expect(currentWarning(receive(away, alerted(2)))).toBeNull();
  expect(currentWarning(receive(away, alerted(3, { id: 'mood-2' })))?.id).toBe('mood-2');
});

test('of a summary the newest state is shown', () => {
  const line = { text: 'Customer is asking', lines: [], quoted: false };
  const growing = after(summed(1, { situation: [line], is_final: false }));
  expect(growing.summary?.situation).toEqual([line]);
  expect(receive(growing, summed(2)).summary).toMatchObject({ seq: 2, is_final: true });
  expect(after().summary).toBeNull();
});

test('who follows the call is what was told to this person, the newest alone', () => {
  const told = {
    type: 'supervised',
    to: 'agent',
    following: 1,
    hearing: 0,
    names: ['Sam'],
  } as const;
  const call = after(
    { ...told, seq: 1 },
    { ...told, seq: 2, hearing: 1 },
    { ...told, seq: 3, to: 'customer', following: 9 },
  );
  expect(call.supervision).toEqual({ following: 1, hearing: 1, names: ['Sam'] });
});
