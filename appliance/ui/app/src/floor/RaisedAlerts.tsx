/** What wants a supervisor's attention in the calls that go on, each with its call. */

import { useTexts } from '@agent/ui';
import { Link } from 'react-router';
import { useAppTexts } from '../texts/Texts';
import type { RaisedAlert } from './figures';

const LOOKS = { critical: 'bad', warning: 'warn', info: 'plain' } as const;

export function RaisedAlerts({ alerts }: Readonly<{ alerts: readonly RaisedAlert[] }>) {
  const { dashboard, floor } = useAppTexts();
  const said = useAlertText();
  if (alerts.length === 0) return <p className="au-empty">{dashboard.noAlerts}</p>;
  return (
    <ul className="raised">
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
