/** What a measure is called and how it comes about, in the language of the page. */

import type { MeasureInfo } from '@agent/ui';
import { usePreferences } from '../session/preferences';
import { inGerman, type MeasureTexts } from './inGerman';

export function useMeasureTexts(): (measure: MeasureInfo) => MeasureTexts {
  const { language } = usePreferences();
  return language === 'de' ? inGerman : (measure) => measure;
}
