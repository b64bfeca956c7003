import { expect, test } from 'vitest';
import { said } from '../testing/messages';
import { decode } from './decode';

const changed = (fields: Record<string, unknown>) =>
  JSON.stringify({ ...said(1, 'hi'), ...fields });

test('a message of the box is taken as it is', () => {
  expect(decode(JSON.stringify(said(1, 'hi')))).toEqual(said(1, 'hi'));
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a number', '4'],
  ['null', 'null'],
  ['a list', '[{"type":"ack"}]'],
  ['no type', '{}'],
  ['a type that is no word', '{"type":{}}'],
  ['a type that a newer box added', '{"type":"weather","seq":1}'],
  ['the name of a method for a type', '{"type":"constructor"}'],
  ['a prototype', '{"type":"__proto__"}'],
  ['a text that is a number', changed({ text: 4 })],
  ['a text that is an object', changed({ text: { html: '<b>' } })],
  ['a time that is null', changed({ start_ms: null })],
  ['a time that is out of range', changed({}).replace('1000', '1e999')],
  ['a speaker that nobody knows', changed({ speaker: 'boss' })],
  ['words that are no list', changed({ words: {} })],
  ['a word without a text', changed({ words: [{ start_ms: 1 }] })],
  ['a message that would fill the memory', changed({ text: 'x'.repeat(1_000_001) })],
])('%s is ignored', (_name, text) => {
  expect(decode(text)).toBeNull();
});

test('what an older box leaves out is filled in', () => {
  const { language: _language, words: _words, ...older } = said(1, 'hi');
  expect(decode(JSON.stringify(older))).toEqual(said(1, 'hi', { language: '' }));
});

test('what a newer box adds is left out', () => {
  expect(decode(changed({ tone: 'warm', __proto__: 4 }))).toEqual(said(1, 'hi'));
});
