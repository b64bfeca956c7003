/** What wants a supervisor's attention in the calls that go on, each with its call. */

import { type Anomaly, localeOf, type MeasureInfo, useTexts } from '@agent/ui';
import { Link } from 'react-router';
import { usePreferences } from '../session/preferences';
import { useAppTexts } from '../texts/Texts';
import { titleInGerman } from '../trends/inGerman';
import { worded } from '../trends/worded';
import type { RaisedAlert } from './figures';

const LOOKS = { critical: 'bad', warning: 'warn', info: 'plain' } as const;

type Props = Readonly<{ alerts: readonly RaisedAlert[]; unusual: readonly Anomaly[] }>;

export function RaisedAlerts({ alerts, unusual }: Props) {
  const { dashboard, floor } = useAppTexts();
  const said = useAlertText();
  const told = useUnusualText();
  const none = alerts.length + unusual.length === 0;
  if (none) return <p className="au-empty">{dashboard.noAlerts}</p>;
  return (
    <ul className="raised">
      {unusual.map((one) => (
        <li key={`${one.measure}-${one.kind}`} className="raised__one">
          <span className="au-badge au-badge--warn">{told(one)}</span>
          <Link className="link" to={`/dashboard/trends?period=today&measure=${one.measure}`}>
            {dashboard.toTrends}
          </Link>
        </li>
      ))}
      {alerts.map((alert) => (
        <li key={`${alert.call.call_id}-${alert.kind}-${alert.text}`} className="raised__one">
          <span className={`au-badge au-badge--${LOOKS[alert.severity]}`}>{said(alert)}</span>
          <Link
            className="link"
            to={`/dashboard/calls/${encodeURIComponent(alert.call.call_id)}`}
            dir="auto"
          >
            {alert.call.agent || alert.call.customer || floor.unnamed}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The text of a rule is the site's; what the box says itself is said in this language. */
export function useAlertText(): (alert: Pick<RaisedAlert, 'kind' | 'text'>) => string {
  const { mood } = useTexts();
  return ({ kind, text }) => (kind === 'mood' ? mood.alert : text);
}

/** A measure of the last hour, and what it is against. */
export function useUnusualText(): (anomaly: Anomaly) => string {
  const { dashboard } = useAppTexts();
  const { language } = usePreferences();
  const locale = localeOf(language);
  return ({ measure, title, unit, kind, value, usual }) => {
    const name = language === 'de' ? titleInGerman(measure, title) : title;
    const said = (n: number) => worded(n, unit as MeasureInfo['unit'], locale);
    return dashboard.unusual[kind](name, said(value), said(usual));
  };
}
