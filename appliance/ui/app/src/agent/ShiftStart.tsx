/** One click that unlocks sound and microphone for the whole shift. */

import { Button, useAudio } from '@agent/ui';
import { Headset } from 'lucide-react';
import { agent } from '../session/agent';
import { useEntry } from '../session/door';
import { audio } from '../session/sound';
import { Form } from '../shell/Form';
import { SoundNotice } from '../shell/SoundNotice';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';

export function ShiftStart() {
  const { shift } = useAppTexts();
  const { state, problem } = useAudio(audio);
  const { person } = useEntry();
  const begin = (withSound: boolean) => void agent.begin(withSound);
  return (
    <section className="centre">
      <TabTitle>{shift.title}</TabTitle>{' '}
      <Form className="au-card centre__card" onSend={() => begin(true)}>
        <span className="centre__icon" aria-hidden="true">
          <Headset size={28} />
        </span>
        <h1>{shift.title}</h1>
        <p className="au-empty">{shift.intro}</p>
        <p>
          {shift.name} <strong dir="auto">{person?.name}</strong>
        </p>
        <SoundNotice />
        <Button type="submit" look="primary" size="large" disabled={state === 'starting'}>
          {shift.start}
        </Button>
        {problem !== null && (
          <Button look="quiet" onClick={() => begin(false)}>
            {shift.withoutSound}
          </Button>
        )}
      </Form>
    </section>
  );
}
