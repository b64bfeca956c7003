/** Whether this agent takes calls. */

import { Link } from 'react-router';
import { agent, useShift } from '../session/agent';
import { usePlace } from '../session/usePlace';
import { useAppTexts } from '../texts/Texts';

export function Presence() {
  const { presence, shift } = useAppTexts();
  const { state, tab, unfinished } = useShift();
  const { live } = usePlace(agent.seat);
  if (state === 'off') return null;
  if (tab !== 'here') {
    return (
      <Link className="au-badge" to="/calls">
        {presence.elsewhere}
      </Link>
    );
  }
  if (unfinished !== null) {
    return (
      <Link className="au-badge au-badge--warn bar__call" to="/calls">
        {presence.wrapUp}
      </Link>
    );
  }
  if (live !== null) {
    return (
      <Link className="au-badge au-badge--good bar__call" to="/calls">
        {presence.onCall}
      </Link>
    );
  }
  return (
    <select
      className="au-field presence"
      data-state={state}
      aria-label={presence.label}
      value={state}
      onChange={(event) => agent.be(event.target.value as 'available' | 'away' | 'off')}
    >
      <option value="available">{presence.available}</option>
      <option value="away">{presence.away}</option>
      <option value="off">{shift.end}</option>
    </select>
  );
}
