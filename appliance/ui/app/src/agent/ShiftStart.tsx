/** One click that unlocks sound and microphone for the whole shift. */

import { Button, useAudio } from '@agent/ui';
import { Headset } from 'lucide-react';
import { useState } from 'react';
import { agent } from '../session/agent';
import { prefer, preferences } from '../session/preferences';
import { audio } from '../session/sound';
import { Form } from '../shell/Form';
import { SoundNotice } from '../shell/SoundNotice';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';

export function ShiftStart() {
  const { shift } = useAppTexts();
  const { state, problem } = useAudio(audio);
  const [name, setName] = useState(preferences().name);
  const begin = (withSound: boolean) => {
    prefer({ name: name.trim() });
    void agent.begin(withSound);
  };
  return (
    <section className="centre">
      <TabTitle>{shift.title}</TabTitle>{' '}
      <Form className="au-card centre__card" onSend={() => begin(true)}>
        <span className="centre__icon" aria-hidden="true">
          <Headset size={28} />
        </span>
        <h1>{shift.title}</h1>
        <p className="au-empty">{shift.intro}</p>
        <label className="au-label">
          {shift.name}
          <input
            className="au-field"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="name"
            maxLength={200}
            required
          />
        </label>
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
