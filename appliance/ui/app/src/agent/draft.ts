/** A draft as one text, which the agent goes on with. */

import type { Summary, SummaryLine } from '@agent/ui';
import type { AppTexts } from '../texts/en';

/** Below this the model is guessing, and what it guesses is left to the agent. */
export const SURE = 0.6;

export function draftText(summary: Summary, texts: AppTexts['summary']): string {
  const { says, followUp, facts, resolved, resolutions } = texts;
  const { resolution, resolution_confidence } = summary;
  const known = resolution !== '' && resolution_confidence >= SURE;
  return [
    sentences(summary.situation, says.customer),
    sentences(summary.action, says.agent),
    ...summary.follow_ups.map(({ text }) => `${followUp}: “${text}”`),
    known ? `${resolved}: ${resolutions[resolution]}` : '',
    labelled(facts, summary.facts.map(({ text }) => text).join(', ')),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function sentences(lines: readonly SummaryLine[], who: string): string {
  if (lines.every(({ quoted }) => quoted)) {
    return labelled(who, lines.map(({ text }) => `“${text}”`).join(' '));
  }
  return lines.map(({ text }) => text).join(' ');
}

function labelled(label: string, text: string): string {
  return text === '' ? '' : `${label}: ${text}`;
}
