/** Measures in German: the box tells them in English, with the seconds that the site has set. */

import type { MeasureInfo } from '@agent/ui';
import { COUNTED, MEASURES } from '../texts/measures.de';

export type MeasureTexts = Pick<MeasureInfo, 'title' | 'formula' | 'counted'>;

/** What a newer box measures is told as it tells it. */
export function inGerman(measure: MeasureInfo): MeasureTexts {
  const { name, title, formula, counted } = measure;
  const known = MEASURES[name];
  if (known === undefined) return { title, formula, counted };
  const told = `${title} ${formula}`;
  const seconds = (words: RegExp) => words.exec(told)?.[1] ?? '';
  const fill = (text: string) =>
    text
      .replaceAll('{in}', seconds(/within ([\d.]+) s/))
      .replaceAll('{short}', seconds(/before ([\d.]+) s/));
  const [german, how] = known;
  return { title: fill(german), formula: fill(how), counted: COUNTED[counted] ?? counted };
}
