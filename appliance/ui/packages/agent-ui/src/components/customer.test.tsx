// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { receive } from '../call/advance';
import { newCall } from '../call/state';
import { CANDIDATES, CARD, CUSTOMER, known } from '../stories/examples';
import { en } from '../texts/en';
import type { Customer } from '../wire/types';
import { CustomerInfoCard } from './CustomerInfoCard';
import { CustomerSearch } from './CustomerSearch';
import { day, money } from './format';

afterEach(cleanup);

function card(shown: Customer | null | 'loading') {
  const did = { onChoose: vi.fn(), onReject: vi.fn() };
  render(<CustomerInfoCard person={CUSTOMER} earlier={[]} known={shown} {...did} />);
  return did;
}

test('a known customer is shown with the reason, and can be refused', () => {
  const did = card(known());
  expect(screen.getByText(`${en.known.why.name}, ${en.known.sources.said}`)).toBeTruthy();
  expect(screen.getByText('£1,840.00')).toBeTruthy();
  expect(screen.getByText('Wants paper statements')).toBeTruthy();
  fireEvent.click(screen.getByText(en.known.reject));
  expect(did.onReject).toHaveBeenCalledOnce();
});

test('several that fit are offered, the agent chooses one or none', () => {
  const did = card(known({ card: null, matched: null, candidates: CANDIDATES }));
  fireEvent.click(screen.getByText('Arthur Exampel', { selector: 'strong' }));
  expect(did.onChoose).toHaveBeenCalledWith('GA-100272');
  fireEvent.click(screen.getByText(en.known.rejectAll));
  expect(did.onReject).toHaveBeenCalledOnce();
});

test('where nobody fits, the card says so and refuses nothing', () => {
  card(null);
  expect(screen.getByText(en.known.none)).toBeTruthy();
  expect(screen.queryByText(en.known.rejectAll)).toBeNull();
});

test('while it is not known yet, nothing is claimed', () => {
  card('loading');
  expect(screen.queryByText(en.known.none)).toBeNull();
});

test('markup in what the site knows is text', () => {
  const evil = '<img src=x onerror="document.title=1">';
  card(known({ card: { ...CARD, name: evil, status: evil } }));
  expect(document.querySelectorAll('img')).toHaveLength(0);
  expect(screen.getAllByText(evil)).toHaveLength(2);
});

test('the search tells what it found and hands on the choice', () => {
  const [onQuery, onChoose] = [vi.fn(), vi.fn()];
  render(<CustomerSearch query="a" onQuery={onQuery} found={CANDIDATES} onChoose={onChoose} />);
  expect(screen.getByText(en.known.found(2))).toBeTruthy();
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ar' } });
  expect(onQuery).toHaveBeenCalledWith('ar');
  fireEvent.click(screen.getByText('Arthur Example', { selector: 'strong' }));
  expect(onChoose).toHaveBeenCalledWith('GA-100271');
});

test('the newest word on the customer counts', () => {
  const unknown = known({ seq: 2, card: null, matched: null, source: 'agent' });
  const call = [known(), unknown].reduce(receive, newCall('c1', 'agent'));
  expect(call.customer).toEqual(unknown);
});

test('days and amounts that are none are shown as they came', () => {
  expect([day('long ago', 'en'), day('', 'en'), day('2025-10-09', 'de')]).toEqual([
    'long ago',
    '',
    '09.10.2025',
  ]);
  expect([money(3, 'gold', 'en'), money(3.5, '', 'de')]).toEqual(['3', '3,5']);
});
