/** The calls going on, each of which a supervisor may follow. */

import { type CallGoingOn, clock, useTexts } from '@agent/ui';
import { Ear } from 'lucide-react';
import { Link } from 'react-router';
import { Refusal } from '../session/api';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useNow } from '../shell/useNow';
import { useAppTexts } from '../texts/Texts';
import { useFloor } from './useFloor';

export function CallsGoingOn() {
  const { floor: texts } = useAppTexts();
  const { calls, connection } = useFloor();
  return (
    <>
      <h2>{texts.title}</h2>
      {connection === 'refused' && <Forbidden />}
      {calls?.length === 0 && <p className="au-card au-empty">{texts.none}</p>}
      {calls !== null && calls.length > 0 && <Calls calls={calls} />}
    </>
  );
}

export function Forbidden() {
  const { problem, fix } = useAppTexts().floor.forbidden;
  return <Failure error={new Refusal(403, problem, fix)} />;
}

function Calls({ calls }: Readonly<{ calls: readonly CallGoingOn[] }>) {
  const { floor: texts } = useAppTexts();
  const { columns } = texts;
  const now = useNow();
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
  const { floor: texts, dashboard, history } = useAppTexts();
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
      <td className={cellOf({ number: true, extra: true })}>
        {dashboard.seconds((call.lag_ms / 1000).toFixed(1))}
      </td>
      <td className={cellOf({ extra: true })}>
        <State call={call} />
      </td>
    </tr>
  );
}

function State({ call }: Readonly<{ call: CallGoingOn }>) {
  const { floor: texts } = useAppTexts();
  return (
    <span className="floor__state">
      <span className={`au-badge au-badge--${call.state === 'waiting' ? 'warn' : 'good'}`}>
        {texts.states[call.state]}
      </span>
      {call.unread && <span className="au-badge au-badge--warn">{texts.unread}</span>}
      {call.following > 0 && (
        <span className="au-badge">
          <Ear size={14} aria-hidden="true" /> {texts.listened(call.following)}
        </span>
      )}
    </span>
  );
}
