import type { MeasureInfo } from '@agent/ui';
import { expect, test } from 'vitest';
import { inGerman } from './inGerman';

const measure = (fields: Partial<MeasureInfo>): MeasureInfo => ({
  name: 'service_level',
  group: 'queue',
  title: 'Service level within 20 s',
  unit: 'percent',
  formula: 'answered within 20 s / (offered (not gone before 5 s) - abandoned within 20 s)',
  source: '',
  counted: 'offered calls',
  better: 'higher',
  hidden: '',
  sessions: {},
  ...fields,
});

test('the seconds that the site has set are told in German, too', () => {
  const { title, formula, counted } = inGerman(measure({}));
  expect(title).toBe('Servicelevel in 20 s');
  expect(formula).toContain('(nicht vor 5 s aufgelegt)');
  expect(counted).toBe('eingegangene Anrufe');
});

test('what a newer box measures is told as it tells it', () => {
  const { title, formula } = inGerman(measure({ name: 'new', title: 'New', formula: 'a / b' }));
  expect([title, formula]).toEqual(['New', 'a / b']);
});
