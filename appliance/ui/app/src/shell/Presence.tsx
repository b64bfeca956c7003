/** Whether this agent takes calls. */

import { Link } from 'react-router';
import { agent, useShift } from '../session/agent';
import { usePlace } from '../session/usePlace';
import { useAppTexts } from '../texts/Texts';

export function Presence() {
  const { presence, shift } = useAppTexts();
  const { state, unfinished } = useShift();
  const { live } = usePlace(agent.seat);
  if (state === 'off') return null;
  if (unfinished !== null)
    return <span className="au-badge au-badge--warn">{presence.wrapUp}</span>;
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
      onChange={(event) => agent.setState(event.target.value as typeof state)}
    >
      <option value="available">{presence.available}</option>
      <option value="break">{presence.break}</option>
      <option value="off">{shift.end}</option>
    </select>
  );
}
