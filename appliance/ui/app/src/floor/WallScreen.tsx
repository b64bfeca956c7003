/** The floor for a screen on the wall: large, without a mouse, and honest about its age. */

import { type Anomaly, clock, type FloorState, localeOf } from '@agent/ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { clsx } from '../clsx';
import { usePreferences } from '../session/preferences';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { AGENT_STATES, type Figures, STATE_NAMES } from './figures';
import { LATE_MS, MoodCounts, useSeconds } from './LiveTiles';
import { useAlertText, useUnusualText } from './RaisedAlerts';
import type { Age } from './useBoxTime';
import { useStayAwake, useTakeDown } from './useWall';

/** What is left of a screen below the numbers: more could not be read from afar. */
const MOST_AGENTS = 16;
const MOST_ALERTS = 4;

type Props = Readonly<{ floor: FloorState; figures: Figures; now: number; age: Age }>;

export function WallScreen({ floor, figures, now, age }: Props) {
  const { dashboard } = useAppTexts();
  useStayAwake();
  const takeDown = useTakeDown();
  return (
    <div className={clsx('wall', age.old && 'wall--old')}>
      <TabTitle>{dashboard.wall}</TabTitle>
      <header className="wall__head">
        <h1>{dashboard.wall}</h1>
        <button
          type="button"
          className="au-button au-button--quiet wall__leave"
          onClick={takeDown}
          aria-label={dashboard.leaveWall}
        >
          <X size={28} aria-hidden="true" />
        </button>
        <BoxClock now={now} />
      </header>
      <p className="wall__age" role="status">
        {age.old && dashboard.old(age.since)}
      </p>
      {floor.calls !== null && (
        <>
          <Numbers figures={figures} now={now} />
          <div className="wall__lists">
            <Agents agents={figures.agents} now={now} />
            <Alerts figures={figures} unusual={floor.unusual} />
          </div>
          <Keeping floor={floor} figures={figures} />
        </>
      )}
    </div>
  );
}

function BoxClock({ now }: Readonly<{ now: number }>) {
  const { language } = usePreferences();
  return (
    <span className="wall__clock">
      {new Date(now).toLocaleTimeString(localeOf(language), { timeStyle: 'short' })}
    </span>
  );
}

function Numbers({ figures, now }: Readonly<{ figures: Figures; now: number }>) {
  const { dashboard, presence } = useAppTexts();
  const { active, waiting, waitingSince, agents, moods } = figures;
  return (
    <div className="wall__numbers">
      <Big name={dashboard.calls} value={active} />
      <Big
        name={dashboard.waiting}
        value={waiting}
        look={waiting > 0 ? 'warn' : 'plain'}
        note={waitingSince === null ? '' : dashboard.longest(clock(now - waitingSince))}
      />
      {agents !== null && (
        <Big
          name={presence.available}
          value={agents.filter(({ state }) => state === 'available').length}
          note={dashboard.onDuty(agents.length)}
        />
      )}
      {moods !== null && (
        <section className="wall__number">
          <h2>{dashboard.moodOf(moods.of)}</h2>
          <MoodCounts moods={moods} />
        </section>
      )}
    </div>
  );
}

type BigProps = Readonly<{
  name: string;
  value: ReactNode;
  note?: string;
  look?: 'plain' | 'warn';
}>;

function Big({ name, value, note = '', look = 'plain' }: BigProps) {
  return (
    <section className={clsx('wall__number', look === 'warn' && 'wall__number--warn')}>
      <h2>{name}</h2>
      <span className="wall__value">{value}</span>
      {note !== '' && <span className="wall__note">{note}</span>}
    </section>
  );
}

function Agents({ agents, now }: Pick<Figures, 'agents'> & Readonly<{ now: number }>) {
  const { dashboard, presence } = useAppTexts();
  if (agents === null) return null;
  const shown = agents.slice(0, MOST_AGENTS);
  return (
    <section className="wall__list">
      <h2>{dashboard.agents}</h2>
      {agents.length === 0 && <p className="au-empty">{dashboard.nobodyOnDuty}</p>}
      <dl className="wall__agents">
        {AGENT_STATES.filter((state) => shown.some((one) => one.state === state)).map((state) => (
          <div key={state} className={`wall__state wall__state--${state}`}>
            <dt>
              {agents.filter((one) => one.state === state).length} {presence[STATE_NAMES[state]]}
            </dt>
            {shown
              .filter((one) => one.state === state)
              .map(({ id, name, since }) => (
                <dd key={id}>
                  <bdi>{name}</bdi> <b>{clock(now - Date.parse(since))}</b>
                </dd>
              ))}
          </div>
        ))}
      </dl>
      {agents.length > MOST_AGENTS && (
        <p className="wall__note">{dashboard.more(agents.length - MOST_AGENTS)}</p>
      )}
    </section>
  );
}

type AlertsProps = Readonly<{ figures: Figures; unusual: readonly Anomaly[] }>;

function Alerts({ figures: { alerts }, unusual }: AlertsProps) {
  const told = useUnusualText();
  const none = alerts.length + unusual.length === 0;
  const { dashboard, floor } = useAppTexts();
  const said = useAlertText();
  return (
    <section className="wall__list">
      <h2>{dashboard.alerts}</h2>
      {none && <p className="au-empty">{dashboard.noAlerts}</p>}
      <ul className="wall__alerts">
        {unusual.slice(0, MOST_ALERTS).map((one) => (
          <li key={`${one.measure}-${one.kind}`} className="wall__alert wall__alert--warning">
            {told(one)}
          </li>
        ))}
        {alerts.slice(0, MOST_ALERTS).map((alert) => (
          <li
            key={`${alert.call.call_id}-${alert.kind}-${alert.text}`}
            className={`wall__alert wall__alert--${alert.severity}`}
          >
            <span dir="auto">{said(alert)}</span>
            <span className="wall__note" dir="auto">
              {alert.call.agent || floor.unnamed}
            </span>
          </li>
        ))}
      </ul>
      {alerts.length > MOST_ALERTS && (
        <p className="wall__note">{dashboard.more(alerts.length - MOST_ALERTS)}</p>
      )}
    </section>
  );
}

/** How the box keeps up, in one line. */
function Keeping({ floor, figures }: Readonly<{ floor: FloorState; figures: Figures }>) {
  const { dashboard } = useAppTexts();
  const seconds = useSeconds();
  const { lagMs, advice, unread } = figures;
  return (
    <footer className="wall__foot">
      {lagMs !== null && (
        <span className={clsx(lagMs > LATE_MS && 'wall__warn')}>
          {dashboard.behind}: <b>{seconds(lagMs)}</b>
        </span>
      )}
      {unread > 0 && <span className="wall__warn">{dashboard.unread(unread)}</span>}
      {advice !== null && (
        <span className={clsx(advice !== 'live' && 'wall__warn')}>
          {dashboard.suggestions}: <b>{dashboard.states[advice]}</b>
        </span>
      )}
      {floor.wall?.record === 'failing' && (
        <span className="wall__warn">{dashboard.recordFails}</span>
      )}
    </footer>
  );
}
