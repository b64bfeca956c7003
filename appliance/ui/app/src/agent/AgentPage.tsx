/** The agent's page: begin the shift, wait for calls, be in one, write it up. */

import { Button } from '@agent/ui';
import { useEffect } from 'react';
import { agent, useShift } from '../session/agent';
import { usePlace } from '../session/usePlace';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { Console } from './Console';
import { Idle } from './Idle';
import { ShiftStart } from './ShiftStart';
import { WrapUp } from './WrapUp';

export function AgentPage() {
  const { state, tab, unfinished } = useShift();
  const place = usePlace(agent.seat);
  useEffect(() => agent.visit(), []);
  if (tab === 'replaced') return <Elsewhere />;
  if (state !== 'off' && (tab === 'beside' || place.restoring)) return null;
  if (unfinished !== null) return <WrapUp unfinished={unfinished} live={place.live} />;
  if (place.live !== null) return <Console live={place.live} place={place} />;
  return state === 'off' ? <ShiftStart /> : <Idle />;
}

function Elsewhere() {
  const { shift } = useAppTexts();
  return (
    <section className="centre">
      <div className="au-card centre__card">
        <TabTitle>{shift.elsewhere}</TabTitle>
        <ArrivalHeading>{shift.elsewhere}</ArrivalHeading>
        <p className="au-empty">{shift.elsewhereHint}</p>
        <Button look="primary" size="large" onClick={() => agent.takeOver()}>
          {shift.takeOver}
        </Button>
      </div>
    </section>
  );
}
