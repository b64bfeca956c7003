/** How the floor and the box are doing, on what is measured today. */

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CallsGoingOn } from '../floor/CallsGoingOn';
import { SessionTable } from '../history/SessionTable';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { BoxState } from './BoxState';
import { callsByHour } from './callsByHour';

const REFRESH_MS = 5000;
const SESSIONS = 200;
const RECENT = 5;

/** As the box names them, and the texts. */
const AGENT_STATES = [
  ['available', 'available'],
  ['on_call', 'onCall'],
  ['wrap_up', 'wrapUp'],
  ['away', 'away'],
] as const;

export function DashboardPage() {
  const { dashboard, history, presence } = useAppTexts();
  const refresh = { refetchInterval: REFRESH_MS };
  const stats = useQuery({ queryKey: ['stats'], queryFn: api.stats, ...refresh });
  const health = useQuery({ queryKey: ['health'], queryFn: api.health, ...refresh });
  const sessions = useQuery({
    queryKey: ['sessions', SESSIONS],
    queryFn: () => api.sessions(SESSIONS),
    ...refresh,
  });
  const reading = health.data?.reading ?? null;
  const rows = sessions.data?.sessions ?? [];
  const number = (value: number | undefined) => value ?? history.unknown;
  const lag = ((stats.data?.lag_ms ?? 0) / 1000).toFixed(1);
  return (
    <div className="page">
      <TabTitle>{dashboard.title}</TabTitle> <h1>{dashboard.title}</h1>
      {stats.isError && <Failure error={stats.error} onRetry={() => stats.refetch()} />}
      <div className="tiles">
        <Tile name={dashboard.waiting}>{number(stats.data?.waiting)}</Tile>
        <Tile name={dashboard.active}>{number(stats.data?.active)}</Tile>
        <Tile name={dashboard.ended}>{number(stats.data?.ended)}</Tile>
        <Tile name={dashboard.behind}>{dashboard.seconds(lag)}</Tile>
        {reading && (
          <Tile name={dashboard.read}>{dashboard.readOf(reading.calls, reading.capacity)}</Tile>
        )}
        {reading && reading.waiting > 0 && <Tile name={dashboard.unread}>{reading.waiting}</Tile>}
      </div>
      <CallsGoingOn />
      <div className="halves halves--three">
        <section className="au-card">
          <h2 className="au-card__title">{dashboard.perHour}</h2>
          <Hours hours={callsByHour(rows, new Date())} />
        </section>
        <section className="au-card">
          <h2 className="au-card__title">{dashboard.agents}</h2>
          <dl className="facts">
            {AGENT_STATES.map(([state, name]) => (
              <div key={state}>
                <dt>{presence[name]}</dt>
                <dd>{number(stats.data?.agents[state])}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section className="au-card">
          <h2 className="au-card__title">{dashboard.box}</h2>
          <dl className="facts">
            <Fact name={dashboard.speech} state={health.data?.speech} />
            <Fact name={dashboard.suggestions} state={health.data?.suggestions} />
            <Fact name={dashboard.record} state={health.data?.record} />
          </dl>
        </section>
      </div>
      <h2>{dashboard.recent}</h2>
      {rows.length > 0 ? (
        <SessionTable sessions={rows.slice(0, RECENT)} />
      ) : (
        <p className="au-card au-empty">{history.empty}</p>
      )}
    </div>
  );
}

function Tile({ name, children }: Readonly<{ name: string; children: ReactNode }>) {
  return (
    <section className="au-card tile">
      <h2 className="tile__name">{name}</h2>
      <span className="tile__value">{children}</span>
    </section>
  );
}

function Fact({ name, state }: Readonly<{ name: string; state: string | undefined }>) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{state && <BoxState state={state} />}</dd>
    </div>
  );
}

function Hours({ hours }: Readonly<{ hours: readonly number[] }>) {
  const { dashboard } = useAppTexts();
  const most = Math.max(...hours);
  if (most === 0) return <p className="au-empty">{dashboard.noneToday}</p>;
  return (
    <ol className="hours">
      {hours.map((calls, hour) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the hour is the key
        <li key={hour} className="hours__one" title={dashboard.chart(hour, calls)}>
          <span className="au-visually-hidden">{dashboard.chart(hour, calls)}</span>
          <span
            className={calls > 0 ? 'hours__bar hours__bar--some' : 'hours__bar'}
            style={{ height: `${(calls / most) * 100}%` }}
          />
          <span className="hours__name" aria-hidden="true">
            {hour % 6 === 0 ? hour : ''}
          </span>
        </li>
      ))}
    </ol>
  );
}
