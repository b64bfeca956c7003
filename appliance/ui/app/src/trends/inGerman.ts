/** Measures in German: the box tells them in English, with the seconds that the site has set. */

import type { MeasureInfo } from '@agent/ui';
import { COUNTED, MEASURES } from '../texts/measures.de';

export type MeasureTexts = Pick<MeasureInfo, 'title' | 'formula' | 'counted'>;

/** What a newer box measures is told as it tells it. */
export function inGerman({ name, title, formula, counted }: MeasureInfo): MeasureTexts {
  const known = MEASURES[name];
  if (known === undefined) return { title, formula, counted };
  const [german, how] = known.map((text) => filled(text, `${title} ${formula}`));
  return {
    title: german ?? title,
    formula: how ?? formula,
    counted: COUNTED[counted] ?? counted,
  };
}

export function titleInGerman(name: string, title: string): string {
  const known = MEASURES[name]?.[0];
  return known === undefined ? title : filled(known, title);
}

/** With the seconds that stand in the English. */
function filled(text: string, told: string): string {
  const seconds = (words: RegExp) => words.exec(told)?.[1] ?? '';
  return text
    .replaceAll('{in}', seconds(/within ([\d.]+) s/))
    .replaceAll('{short}', seconds(/before ([\d.]+) s/));
}
