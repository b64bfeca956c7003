/** How a call stood at its end: the customer's mood, and what alerts there were. */

import { type SessionRow, useTexts } from '@agent/ui';
import { Minus, TrendingDown, TrendingUp, TriangleAlert } from 'lucide-react';
import { useAppTexts } from '../texts/Texts';
import { alertsOf } from './alerts';

const ARROWS = { up: TrendingUp, flat: Minus, down: TrendingDown };
const WORDS = { up: 'better', flat: 'steady', down: 'worse' } as const;

type Props = Readonly<{ row: SessionRow }>;

export function MoodOf({ row: { mood, trend, call_score: score } }: Props) {
  const { mood: texts } = useTexts();
  const { history } = useAppTexts();
  if (mood === null) return history.unknown;
  const course = trend ?? 'flat';
  const Arrow = ARROWS[course];
  return (
    <span className="session__mood" title={`${texts.about} ${history.score(score ?? 0)}`}>
      <span className={`au-line__mood--${mood}`}>{texts.labels[mood]}</span>
      <Arrow size={14} role="img" aria-label={texts[WORDS[course]]} />
    </span>
  );
}

export function AlertsOf({ row }: Props) {
  const { history } = useAppTexts();
  if (row.alerts.length === 0) return history.unknown;
  const grave = row.alerts.some(({ severity }) => severity === 'critical');
  const names = alertsOf(row).map(({ rule, times }) => {
    const name = rule || history.alerts.mood;
    return times > 1 ? `${name} (${times})` : name;
  });
  return (
    <span className="session__alerts" title={names.join(', ')}>
      <TriangleAlert size={14} aria-hidden="true" className={grave ? 'session__grave' : ''} />
      {row.alerts.length}
      <span className="au-visually-hidden">{names.join(', ')}</span>
    </span>
  );
}
