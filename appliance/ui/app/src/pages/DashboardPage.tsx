/** How the floor and the box are doing: what goes on is pushed, what was is asked for. */

import { Button, type FloorState } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { AgentsOnDuty } from '../floor/AgentsOnDuty';
import { CallsGoingOn } from '../floor/CallsGoingOn';
import { type Figures, figuresOf } from '../floor/figures';
import { LiveTiles } from '../floor/LiveTiles';
import { RaisedAlerts } from '../floor/RaisedAlerts';
import { useAge, useBoxTime } from '../floor/useBoxTime';
import { useFloor } from '../floor/useFloor';
import { useHang, useIsWall } from '../floor/useWall';
import { WallScreen } from '../floor/WallScreen';
import { SessionTable } from '../history/SessionTable';
import { api } from '../session/api';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { Views } from '../trends/Views';
import { BoxState } from './BoxState';

const RECENT = 5;
const REFRESH_MS = 30_000;

export function DashboardPage() {
  const floor = useFloor();
  const now = useBoxTime(floor);
  const age = useAge(floor, now);
  const figures = figuresOf(floor.calls ?? [], floor.wall);
  if (useIsWall()) return <WallScreen floor={floor} figures={figures} now={now} age={age} />;
  return <Desk floor={floor} figures={figures} now={now} old={age.old ? age.since : null} />;
}

type DeskProps = Readonly<{
  floor: FloorState;
  figures: Figures;
  now: number;
  /** When it was so; null where it is. */
  old: string | null;
}>;

function Desk({ floor, figures, now, old }: DeskProps) {
  const { dashboard } = useAppTexts();
  const hang = useHang();
  return (
    <div className="page page--wide">
      <TabTitle>{dashboard.title}</TabTitle>{' '}
      <div className="page__head">
        <h1>{dashboard.title}</h1>
        <div className="page__aside">
          <Button icon={<Monitor size={18} />} onClick={hang}>
            {dashboard.hang}
          </Button>
          <Views />
        </div>
      </div>
      <p role="status" className={old === null ? 'au-visually-hidden' : 'notice notice--bad'}>
        {old !== null && dashboard.old(old)}
      </p>
      {floor.calls !== null && (
        <>
          <LiveTiles figures={figures} now={now} />
          <div className="halves halves--three">
            {figures.agents !== null && (
              <section className="au-card">
                <h2 className="au-card__title">{dashboard.agents}</h2>
                <AgentsOnDuty agents={figures.agents} now={now} />
              </section>
            )}
            <section className="au-card">
              <h2 className="au-card__title">{dashboard.alerts}</h2>
              <RaisedAlerts alerts={figures.alerts} unusual={floor.unusual} />
            </section>
            <Parts floor={floor} />
          </div>
        </>
      )}
      <CallsGoingOn floor={floor} now={now} />
      <Latest />
    </div>
  );
}

function Parts({ floor: { wall } }: Readonly<{ floor: FloorState }>) {
  const { dashboard } = useAppTexts();
  if (wall === null) return null;
  return (
    <section className="au-card">
      <h2 className="au-card__title">{dashboard.box}</h2>
      <dl className="facts">
        <Fact name={dashboard.speech} state={wall.speech} />
        <Fact name={dashboard.suggestions} state={wall.suggestions} />
        <Fact name={dashboard.record} state={wall.record} />
        {wall.reading !== null && (
          <div>
            <dt>{dashboard.read}</dt>
            <dd>{dashboard.readOf(wall.reading, wall.room ?? wall.reading)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, state }: Readonly<{ name: string; state: string }>) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <BoxState state={state} />
      </dd>
    </div>
  );
}

function Latest() {
  const { dashboard, history } = useAppTexts();
  const sessions = useQuery({
    queryKey: ['sessions', RECENT],
    queryFn: () => api.sessions(RECENT),
    refetchInterval: REFRESH_MS,
  });
  const rows = sessions.data?.sessions ?? [];
  return (
    <>
      <h2>{dashboard.recent}</h2>
      {rows.length > 0 ? (
        <SessionTable sessions={rows} />
      ) : (
        <p className="au-card au-empty">{history.empty}</p>
      )}
    </>
  );
}
