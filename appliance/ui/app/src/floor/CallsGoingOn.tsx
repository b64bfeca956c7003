/** The calls going on, each of which a supervisor may follow. */

import { type CallGoingOn, clock, type FloorState, useTexts } from '@agent/ui';
import { CircleDot, Ear, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import { Refusal } from '../session/api';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { useSeconds } from './LiveTiles';
import { useAlertText } from './RaisedAlerts';

type Props = Readonly<{ floor: FloorState; now: number }>;

export function CallsGoingOn({ floor: { calls, connection, wall }, now }: Props) {
  const { floor: texts } = useAppTexts();
  return (
    <>
      <h2>{texts.title}</h2>
      {connection === 'refused' && <Forbidden />}
      {wall !== null && wall.recordings !== 'ok' && (
        <p className="notice" role="status">
          <TriangleAlert size={18} aria-hidden="true" />
          {texts.room[wall.recordings]}
        </p>
      )}
      {calls?.length === 0 && <p className="au-card au-empty">{texts.none}</p>}
      {calls !== null && calls.length > 0 && <Calls calls={calls} now={now} />}
    </>
  );
}

export function Forbidden() {
  const { problem, fix } = useAppTexts().floor.forbidden;
  return <Failure error={new Refusal(403, problem, fix)} />;
}

type CallsProps = Readonly<{ calls: readonly CallGoingOn[]; now: number }>;

function Calls({ calls, now }: CallsProps) {
  const { floor: texts } = useAppTexts();
  const { columns } = texts;
  return (
    <Table
      label={texts.title}
      columns={[
        { name: columns.customer },
        { name: columns.agent },
        { name: columns.since, number: true },
        { name: columns.mood, extra: true },
        { name: columns.lag, number: true, extra: true },
        { name: columns.state, extra: true },
      ]}
    >
      <tbody>
        {calls.map((call) => (
          <Row key={call.call_id} call={call} now={now} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ call, now }: Readonly<{ call: CallGoingOn; now: number }>) {
  const { floor: texts, history } = useAppTexts();
  const seconds = useSeconds();
  const { mood } = useTexts();
  return (
    <tr>
      <td className="session__who">
        <Link
          className="link"
          to={`/dashboard/calls/${encodeURIComponent(call.call_id)}`}
          aria-label={texts.follow(call.customer)}
          dir="auto"
        >
          {call.customer || history.unknown}
        </Link>
        {call.reason !== '' && (
          <span className="session__concern" dir="auto">
            {call.reason}
          </span>
        )}
      </td>
      <td dir="auto">{call.agent || history.unknown}</td>
      <td className={cellOf({ number: true })}>{clock(now - Date.parse(call.since))}</td>
      <td className={cellOf({ extra: true })}>
        {call.mood === null ? history.unknown : mood.labels[call.mood]}
      </td>
      <td className={cellOf({ number: true, extra: true })}>{seconds(call.lag_ms)}</td>
      <td className={cellOf({ extra: true })}>
        <State call={call} />
      </td>
    </tr>
  );
}

function State({ call }: Readonly<{ call: CallGoingOn }>) {
  const { floor: texts } = useAppTexts();
  const said = useAlertText();
  return (
    <span className="floor__state">
      <span className={`au-badge au-badge--${call.state === 'waiting' ? 'warn' : 'good'}`}>
        {texts.states[call.state]}
      </span>
      {call.recording === 'on' && (
        <span className="au-badge">
          <CircleDot size={14} aria-hidden="true" /> {texts.recorded}
        </span>
      )}
      {call.recording === 'failing' && (
        <span className="au-badge au-badge--warn">{texts.unrecorded}</span>
      )}
      {call.unread && <span className="au-badge au-badge--warn">{texts.unread}</span>}
      {call.alerts.map((alert) => (
        <span key={`${alert.kind}-${alert.text}`} className="au-badge au-badge--bad" dir="auto">
          {said(alert)}
        </span>
      ))}
      {call.following > 0 && (
        <span className="au-badge">
          <Ear size={14} aria-hidden="true" /> {texts.listened(call.following)}
        </span>
      )}
    </span>
  );
}
