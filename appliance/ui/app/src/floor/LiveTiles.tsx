/** The floor right now, in tiles. What cannot be known has none. */

import { clock, localeOf, useTexts } from '@agent/ui';
import { usePreferences } from '../session/preferences';
import { useAppTexts } from '../texts/Texts';
import { useStateCounts } from './AgentsOnDuty';
import { type Figures, MOODS } from './figures';
import { type Look, Tile } from './Tile';

/** A final that comes later than this is a promise broken. */
export const LATE_MS = 2000;

const ADVICE: Readonly<Record<NonNullable<Figures['advice']>, Look>> = {
  live: 'good',
  degraded: 'warn',
  paused: 'warn',
};

type Props = Readonly<{ figures: Figures; now: number }>;

export function LiveTiles({ figures, now }: Props) {
  const { dashboard } = useAppTexts();
  const { formulas } = dashboard;
  const { active, unread, waiting, waitingSince, moods, advice, alerts } = figures;
  const waits = waitingSince === null ? undefined : dashboard.longest(clock(now - waitingSince));
  return (
    <div className="tiles">
      <Tile
        name={dashboard.active}
        how={formulas.active(active)}
        note={unread > 0 ? dashboard.unread(unread) : undefined}
      >
        {active}
      </Tile>
      <Tile
        name={dashboard.waiting}
        how={formulas.waiting(waiting)}
        look={waiting > 0 ? 'warn' : 'plain'}
        note={waits}
      >
        {waiting}
      </Tile>
      <AgentsTile agents={figures.agents} />
      {moods !== null && (
        <Tile name={dashboard.mood} how={formulas.mood(moods.of, active)}>
          <MoodCounts moods={moods} />
        </Tile>
      )}
      <Tile
        name={dashboard.alerts}
        how={formulas.alerts(alerts.length)}
        look={alerts.some(({ severity }) => severity === 'critical') ? 'bad' : 'plain'}
      >
        {alerts.length}
      </Tile>
      <LagTile lagMs={figures.lagMs} calls={active - unread} />
      {advice !== null && (
        <Tile name={dashboard.suggestions} how={formulas.advice} look={ADVICE[advice]}>
          <span className="tile__word">{dashboard.states[advice]}</span>
        </Tile>
      )}
    </div>
  );
}

function AgentsTile({ agents }: Pick<Figures, 'agents'>) {
  const { dashboard } = useAppTexts();
  const counts = useStateCounts();
  if (agents === null) return null;
  const free = agents.filter(({ state }) => state === 'available');
  return (
    <Tile
      name={dashboard.available}
      how={dashboard.formulas.agents(agents.length)}
      note={counts(agents.filter(({ state }) => state !== 'available'))}
    >
      {free.length}
    </Tile>
  );
}

function LagTile({ lagMs, calls }: Readonly<{ lagMs: number | null; calls: number }>) {
  const { dashboard } = useAppTexts();
  const seconds = useSeconds();
  if (lagMs === null) return null;
  return (
    <Tile
      name={dashboard.behind}
      how={dashboard.formulas.lag(calls)}
      look={lagMs > LATE_MS ? 'warn' : 'plain'}
    >
      {seconds(lagMs)}
    </Tile>
  );
}

/** 1.4 s, as this language writes it. */
export function useSeconds(): (ms: number) => string {
  const { dashboard } = useAppTexts();
  const { language } = usePreferences();
  return (ms) => {
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return dashboard.seconds((ms / 1000).toLocaleString(localeOf(language), digits));
  };
}

/** Each with its word: colour alone would leave some people out. */
export function MoodCounts({ moods }: Readonly<{ moods: NonNullable<Figures['moods']> }>) {
  const { mood } = useTexts();
  return (
    <span className="moods">
      {MOODS.map((label) => (
        <span key={label} className={`moods__one moods__one--${label}`}>
          <b>{moods[label]}</b> {mood.labels[label]}
        </span>
      ))}
    </span>
  );
}
