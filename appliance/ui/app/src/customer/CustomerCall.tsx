/** The customer in a call, from the queue to the end. */

import {
  AudioLevelMeter,
  Button,
  type Call,
  CallControls,
  ConnectionBadge,
  type LiveCall,
  LiveLevelMeter,
  RecordingSign,
  SupervisionSign,
  TranscriptView,
  useAudio,
  useAudioCall,
  useCall,
} from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../session/api';
import { audio } from '../session/sound';
import { useEnding } from '../session/useEnding';
import { Composer } from '../shell/Composer';
import { SoundNotice } from '../shell/SoundNotice';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { Undelivered } from '../shell/Undelivered';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{ live: LiveCall; onLeave: () => void }>;

export function CustomerCall({ live, onLeave }: Props) {
  const { call, connection } = useCall(live);
  useAudioCall(audio, live);
  // After a reload; a click has started it before in every other case.
  useEffect(() => void audio.start(), []);
  if (connection === 'closed' || connection === 'refused') {
    return <Ended call={call} onLeave={onLeave} />;
  }
  const met = call.partner.presence !== 'absent' || call.call.state === 'live';
  return met ? <Talk live={live} call={call} /> : <Queue live={live} onLeave={onLeave} />;
}

function Queue({ live, onLeave }: Props) {
  const { customer, audio: sound } = useAppTexts();
  const { call, connection } = useCall(live);
  const status = useQuery({
    queryKey: ['status', call.id],
    queryFn: () => api.status(call.id),
    refetchInterval: 3000,
  });
  const position = status.data?.position ?? 0;
  return (
    <section className="visit__card visit__card--calm">
      <div className="pulse" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
      <TabTitle>{customer.waiting}</TabTitle>
      <ArrivalHeading>{customer.waiting}</ArrivalHeading>
      <p className="visit__position" role="status">
        {position > 0 && customer.position(position)}
      </p>
      <p className="visit__intro">{customer.waitingHint}</p>
      <RecordingSign
        recording={call.recording}
        viewer="customer"
        onChange={(on) => live.tell({ type: 'record', on, consent: 'clicked' })}
      />
      <SoundNotice />
      <LiveLevelMeter source={audio.microphoneLevel} label={sound.yourVoice} />
      {connection !== 'open' && <ConnectionBadge connection={connection} />}
      <Button
        look="quiet"
        onClick={() => {
          live.tell({ type: 'hangup' });
          onLeave();
        }}
      >
        {customer.cancel}
      </Button>
    </section>
  );
}

function Talk({ live, call }: Readonly<{ live: LiveCall; call: Call }>) {
  const { customer, audio: sound } = useAppTexts();
  const { connection } = useCall(live);
  const { muted, state } = useAudio(audio);
  const [draft, setDraft] = useState('');
  const [names, setNames] = useState({ agent: call.partner.name });
  // One object as long as the name is one: every line of the transcript is given it.
  if (names.agent !== call.partner.name) setNames({ agent: call.partner.name });
  return (
    <section className="talk">
      <header className="talk__head">
        <TabTitle>{customer.with(call.partner.name)}</TabTitle>
        <ArrivalHeading>{customer.with(call.partner.name)}</ArrivalHeading>
        <div className="talk__meters">
          {state === 'on' ? (
            <LiveLevelMeter source={audio.microphoneLevel} label={sound.yourVoice} muted={muted} />
          ) : (
            <AudioLevelMeter level={0} label={sound.yourVoice} muted />
          )}
          <LiveLevelMeter source={audio.partnerLevel} label={sound.theirVoice} />
          <ConnectionBadge connection={connection} />
        </div>
      </header>
      <SoundNotice />
      <SupervisionSign supervision={call.supervision} />
      <RecordingSign
        recording={call.recording}
        viewer="customer"
        paused={call.call.state === 'paused'}
        onChange={(on) => live.tell({ type: 'record', on, consent: 'clicked' })}
      />
      <State call={call} />
      <TranscriptView lines={call.lines} pending={call.pending} viewer="customer" names={names} />
      <footer className="talk__foot">
        <Composer
          label={customer.write}
          send={customer.send}
          draft={draft}
          onDraft={setDraft}
          onSend={(text) => live.chat(text)}
        />
        <CallControls
          muted={muted}
          onMute={audio.mute}
          onEnd={() => live.tell({ type: 'hangup' })}
        />
      </footer>
    </section>
  );
}

function State({ call }: Readonly<{ call: Call }>) {
  const { customer } = useAppTexts();
  const { presence, holding } = call.partner;
  const word =
    (presence === 'away' && customer.away) ||
    (holding && customer.held) ||
    (call.call.state === 'paused' && customer.paused);
  return word ? (
    <p className="notice" role="status">
      {word}
    </p>
  ) : null;
}

function Ended({ call, onLeave }: Readonly<{ call: Call; onLeave: () => void }>) {
  const { customer } = useAppTexts();
  const ending = useEnding(call.id);
  useEffect(() => audio.stop(), []);
  return (
    <section className="visit__card visit__card--calm">
      <TabTitle>{customer.ended}</TabTitle>
      <ArrivalHeading>{customer.ended}</ArrivalHeading>
      <p className="visit__intro">{ending !== null && customer.endings[ending]}</p>
      <Undelivered label={customer.undelivered} lines={call.pending.map((line) => line.text)} />
      <Button look="primary" size="large" onClick={onLeave}>
        {customer.again}
      </Button>
    </section>
  );
}
