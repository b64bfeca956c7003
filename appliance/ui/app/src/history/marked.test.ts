import { expect, test } from 'vitest';
import { marked, wordsOf } from './marked';

const shown = (text: string, search: string) =>
  marked(text, wordsOf(search))
    .map((part) => (part.found ? `[${part.text}]` : part.text))
    .join('');

test.each([
  ['My card is lost', 'CARD lost', 'My [card] is [lost]'],
  ['Die Straße, die STRASSE', 'strasse', 'Die [Straße], die [STRASSE]'],
  ['Ein Café in Zürich', 'cafe zur', 'Ein [Café] in [Zür]ich'],
  ['cafe\u0301 au lait', 'café', '[cafe\u0301] au lait'],
  ['a card, a discard', 'card', 'a [card], a dis[card]'],
  ['postcard', 'card postcard', '[postcard]'],
  ['100 % sure', '100%', '[100] % sure'],
  ['nothing here', 'card', 'nothing here'],
  ['<b>card</b>', 'card b', '<[b]>[card]</[b]>'],
  ['😀 card', 'card', '😀 [card]'],
])('in %j, %j is marked', (text, search, expected) => {
  expect(shown(text, search)).toBe(expected);
});

test('of a long text the part around the first word found is shown', () => {
  const long = `${'before '.repeat(100)}the card ${'after '.repeat(100)}`;
  const text = shown(long, 'card');
  expect(text).toMatch(/^… before .*the \[card\] after .* …$/);
  expect(text.length).toBeLessThan(260);
});

test('a search of signs has no words', () => {
  expect(wordsOf("%_'; --")).toEqual([]);
});
