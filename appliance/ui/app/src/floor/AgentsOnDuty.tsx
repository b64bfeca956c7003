/** What each agent is doing, and for how long. */

import { type AgentOnDuty, clock } from '@agent/ui';
import { useAppTexts } from '../texts/Texts';
import { AGENT_STATES, STATE_NAMES } from './figures';

type Props = Readonly<{ agents: readonly AgentOnDuty[]; now: number }>;

export function AgentsOnDuty({ agents, now }: Props) {
  const { presence, dashboard } = useAppTexts();
  if (agents.length === 0) return <p className="au-empty">{dashboard.nobodyOnDuty}</p>;
  return (
    <ul className="duty">
      {agents.map(({ id, name, state, since }) => (
        <li key={id} className={`duty__one duty__one--${state}`}>
          <span className="duty__name" dir="auto">
            {name}
          </span>
          <span className="duty__state">{presence[STATE_NAMES[state]]}</span>
          <span className="duty__time">{clock(now - Date.parse(since))}</span>
        </li>
      ))}
    </ul>
  );
}

/** 2 on a call · 1 wrapping up. */
export function useStateCounts(): (agents: readonly AgentOnDuty[]) => string {
  const { presence } = useAppTexts();
  return (agents) =>
    AGENT_STATES.map(
      (state) => [state, agents.filter((one) => one.state === state).length] as const,
    )
      .filter(([, n]) => n > 0)
      .map(([state, n]) => `${n} ${presence[STATE_NAMES[state]]}`)
      .join(' · ');
}
