/** The agent's page: begin the shift, wait for calls, be in one, write it up. */

import { Button } from '@agent/ui';
import { agent, useShift } from '../session/agent';
import { usePlace } from '../session/usePlace';
import { useAppTexts } from '../texts/Texts';
import { Console } from './Console';
import { Idle } from './Idle';
import { ShiftStart } from './ShiftStart';
import { WrapUp } from './WrapUp';

export function AgentPage() {
  const { state, unfinished } = useShift();
  const place = usePlace(agent.seat);
  if (unfinished !== null) return <WrapUp unfinished={unfinished} live={place.live} />;
  if (place.elsewhere) return <Elsewhere />;
  if (place.restoring) return null;
  if (place.live !== null) return <Console live={place.live} place={place} />;
  return state === 'off' ? <ShiftStart /> : <Idle />;
}

function Elsewhere() {
  const { call } = useAppTexts();
  return (
    <section className="centre">
      <div className="au-card centre__card">
        <h1>{call.elsewhere}</h1>
        <Button look="primary" onClick={() => agent.seat.takeOver()}>
          {call.takeOver}
        </Button>
      </div>
    </section>
  );
}
