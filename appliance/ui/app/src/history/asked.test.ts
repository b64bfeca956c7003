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
