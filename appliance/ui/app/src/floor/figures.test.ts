import type { AgentOnDuty, CallAlert, CallGoingOn, Wall } from '@agent/ui';
import { expect, test } from 'vitest';
import { figuresOf } from './figures';

const call = (fields: Partial<CallGoingOn>): CallGoingOn => ({
  call_id: 'c1',
  state: 'active',
  agent: 'Ann',
  customer: 'Ada',
  reason: '',
  since: '2026-03-01T09:00:00Z',
  mood: null,
  trend: 'flat',
  unread: false,
  lag_ms: 0,
  recording: 'off',
  following: 0,
  hearing: 0,
  alerts: [],
  queue: '',
  ...fields,
});

const WALL: Wall = {
  agents: [],
  speech: 'live',
  suggestions: 'live',
  record: 'live',
  recordings: 'ok',
  lag_ms: 0,
  reading: 0,
  room: 4,
};

const agent = (name: string, state: AgentOnDuty['state'], since: string): AgentOnDuty => ({
  id: name,
  name,
  state,
  since: `2026-03-01T${since}:00Z`,
});

test('who waits longest is found, wherever they stand in the list', () => {
  const calls = [
    call({ state: 'waiting', since: '2026-03-01T09:02:00Z' }),
    call({ state: 'waiting', since: '2026-03-01T09:01:00Z' }),
    call({}),
  ];
  const figures = figuresOf(calls, WALL);
  expect([figures.active, figures.waiting]).toEqual([1, 2]);
  expect(figures.waitingSince).toBe(Date.parse('2026-03-01T09:01:00Z'));
  expect(figuresOf([call({})], WALL).waitingSince).toBeNull();
});

test('what cannot be known is not zero', () => {
  const off: Wall = { ...WALL, speech: 'off', suggestions: 'off' };
  const figures = figuresOf([call({})], off);
  expect([figures.lagMs, figures.advice, figures.moods, figures.agents]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(figuresOf([], off).agents).toEqual([]);
});

test('moods are counted of the calls in which one was read', () => {
  const calls = [call({ mood: 'negative' }), call({ mood: 'positive' }), call({})];
  expect(figuresOf(calls, WALL).moods).toEqual({ negative: 1, neutral: 0, positive: 1, of: 2 });
});

test('agents stand by what they do, and who has done it longest first', () => {
  const agents = [
    agent('Cy', 'away', '08:00'),
    agent('Bo', 'available', '08:30'),
    agent('Al', 'available', '08:10'),
  ];
  const figures = figuresOf([], { ...WALL, agents });
  expect(figures.agents?.map(({ name }) => name)).toEqual(['Al', 'Bo', 'Cy']);
});

test('the latest text counts, be it told already or still waiting', () => {
  expect(figuresOf([call({ lag_ms: 900 })], { ...WALL, lag_ms: 400 }).lagMs).toBe(900);
  expect(figuresOf([call({ lag_ms: 900 })], { ...WALL, lag_ms: 4000 }).lagMs).toBe(4000);
  expect(figuresOf([call({})], WALL).lagMs).toBeNull();
});

test('the worst alert comes first', () => {
  const raised = (severity: CallAlert['severity']): CallAlert => ({
    kind: 'rule',
    severity,
    text: severity,
  });
  const calls = [
    call({ call_id: 'c1', alerts: [raised('info'), raised('warning')] }),
    call({ call_id: 'c2', alerts: [raised('critical')] }),
  ];
  const { alerts } = figuresOf(calls, WALL);
  expect(alerts.map(({ severity, call: { call_id } }) => [severity, call_id])).toEqual([
    ['critical', 'c2'],
    ['warning', 'c1'],
    ['info', 'c1'],
  ]);
});
