/** Where in a text the words of a search stand, as the box compares them. */

/** A stretch of the text, and whether it is one that was looked for. */
export type Stretch = Readonly<{ text: string; found: boolean }>;

/** What stands before the first word found, in a text too long to show whole. */
const LEAD = 60;
const MOST = 240;

/** The words of a search, in the form in which texts are compared. */
export function wordsOf(search: string): readonly string[] {
  return folded(search).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The text, or the part of a long one around the first word found, cut at the words. */
export function marked(text: string, words: readonly string[]): readonly Stretch[] {
  const { start, end, ranges } = excerpt(text, found(text, words));
  const stretches: Stretch[] = [];
  let at = start;
  for (const [from, to] of ranges) {
    if (from > at) stretches.push({ text: text.slice(at, from), found: false });
    stretches.push({ text: text.slice(from, to), found: true });
    at = to;
  }
  if (at < end) stretches.push({ text: text.slice(at, end), found: false });
  if (start > 0) stretches.unshift({ text: '… ', found: false });
  if (end < text.length) stretches.push({ text: ' …', found: false });
  return stretches;
}

type Range = readonly [from: number, to: number];

/** Never overlapping, in order. */
function found(text: string, words: readonly string[]): readonly Range[] {
  const { plain, places } = foldedWithPlaces(text);
  const hits: Range[] = [];
  for (const word of words) {
    for (let n = plain.indexOf(word); n >= 0; n = plain.indexOf(word, n + word.length)) {
      hits.push([places[n] as number, places[n + word.length] as number]);
    }
  }
  hits.sort(([a, aEnd], [b, bEnd]) => a - b || bEnd - aEnd);
  const apart: Range[] = [];
  for (const hit of hits) {
    if (hit[0] >= (apart.at(-1)?.[1] ?? 0)) apart.push(hit);
  }
  return apart;
}

function excerpt(text: string, ranges: readonly Range[]) {
  if (text.length <= MOST) return { start: 0, end: text.length, ranges };
  const first = ranges[0]?.[0] ?? 0;
  const start = first <= LEAD ? 0 : text.indexOf(' ', first - LEAD) + 1 || first;
  const from = Math.min(start, first);
  const end = Math.min(text.length, from + MOST);
  return { start: from, end, ranges: ranges.filter(([, to]) => to <= end) };
}

function folded(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');
}

/** With the place in the text of each character of the plain one, and of its end. */
function foldedWithPlaces(text: string) {
  const places: number[] = [];
  let plain = '';
  let at = 0;
  for (const sign of text) {
    const part = folded(sign);
    for (let n = 0; n < part.length; n++) places.push(at);
    plain += part;
    at += sign.length;
  }
  places.push(text.length);
  return { plain, places };
}
