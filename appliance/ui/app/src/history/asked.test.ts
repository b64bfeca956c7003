import { expect, test } from 'vitest';
import { addressOf, askedBy, queryOf } from './asked';

const of = (address: string) => askedBy(new URLSearchParams(address));

test('an address says what is looked for, and what is looked for makes the address', () => {
  const address = 'q=lost+card&agent=Ann&state=ended&from=2025-03-01';
  expect(of(address)).toMatchObject({ q: 'lost card', agent: 'Ann', state: 'ended', to: '' });
  expect(addressOf(of(address)).toString()).toBe(address);
});

test('what an address cannot mean is left out', () => {
  expect(of('state=gone&mood=odd&alert=rules&from=yesterday&to=2025-3-1&color=red')).toEqual(
    of(''),
  );
});

test.each(['any', 'mood', 'rule', 'rule:two words'])(
  'an address may ask for alerts: %s',
  (alert) => {
    const asked = of(addressOf({ ...of('queue=cards&mood=negative'), alert }).toString());
    expect(asked).toMatchObject({ queue: 'cards', mood: 'negative', alert });
  },
);

test('a day ends where the next one begins, by the clock of this place', () => {
  const query = queryOf(of('from=2025-03-30&to=2025-03-30'));
  const [from, to] = [query.get('from'), query.get('to')].map((text) => new Date(text ?? ''));
  expect([from?.getDate(), from?.getHours()]).toEqual([30, 0]);
  expect([to?.getDate(), to?.getHours()]).toEqual([31, 0]);
});

test('the calls behind a figure are asked for by its moments, not by days', () => {
  const behind = {
    counted: 'judged',
    account: 'p1',
    since: '2025-03-03T12:00:00.000Z',
    until: '2025-03-03T13:00:00.000Z',
    figure: 'Resolved, Ann',
  };
  const asked = of(new URLSearchParams({ ...behind, from: '2025-03-01' }).toString());
  expect(asked).toMatchObject(behind);
  expect(Object.fromEntries(queryOf(asked))).toEqual({
    counted: 'judged',
    account: 'p1',
    from: behind.since,
    to: behind.until,
  });
});

test.each(['counted=judged', 'counted=no%20such&since=2025-03-03&until=2025-03-04', 'account=p1'])(
  'a figure that an address half names is none: %s',
  (address) => {
    expect(of(address)).toEqual(of(''));
  },
);
