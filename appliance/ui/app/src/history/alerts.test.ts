import type { SessionRow } from '@agent/ui';
import { expect, test } from 'vitest';
import { alertsOf, rulesOf } from './alerts';

const call = (...rules: string[]): Pick<SessionRow, 'alerts'> => ({
  alerts: rules.map((rule, n) => ({
    id: `${n}`,
    kind: rule === '' ? 'mood' : 'rule',
    rule,
    severity: 'warning',
    told: true,
  })),
});

test('the alerts of a call are told by what raised them, the mood first', () => {
  expect(alertsOf(call('refund', '', 'refund', 'disclosure'))).toEqual([
    { rule: '', times: 1 },
    { rule: 'disclosure', times: 1 },
    { rule: 'refund', times: 2 },
  ]);
  expect(alertsOf(call())).toEqual([]);
});

test('the rules of many calls are named once each, and the mood is none', () => {
  expect(rulesOf([call('refund', ''), call(), call('disclosure', 'refund')])).toEqual([
    'disclosure',
    'refund',
  ]);
});
