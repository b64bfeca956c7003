/** A call that goes on, as a supervisor follows it: silent until they ask to hear it. */

import {
  Button,
  ConnectionBadge,
  clock,
  type FloorState,
  type FollowingState,
  type Headphones,
  type HeadphonesState,
  LiveLevelMeter,
  localeOf,
} from '@agent/ui';
import { ArrowLeft, Ear, EarOff } from 'lucide-react';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { useKeys } from '../agent/useKeys';
import { Screening } from '../history/Screening';
import { Refusal } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { Forbidden } from './CallsGoingOn';
import { useBoxTime } from './useBoxTime';
import { useFloor, useFollowing, useHeadphones } from './useFloor';

export function FollowPage() {
  const { callId = '' } = useParams();
  const { floor: texts, replay } = useAppTexts();
  const floor = useFloor();
  const [following, state] = useFollowing(callId);
  const [headphones, sound] = useHeadphones(following);
  // Of two dead lines only the floor's notices by itself: it is told something all the time.
  useEffect(() => {
    if (floor.connection === 'retrying') following.doubt();
  }, [floor.connection, following]);
  const row = floor.calls?.find((call) => call.call_id === callId);
  const listen = async (on: boolean) => {
    if (on) await headphones.start();
    // Whom nothing can be played to must not be announced as somebody who listens.
    following.listen(on && headphones.snapshot().state === 'on');
  };
  useEffect(() => {
    if (!state.listens) headphones.stop();
  }, [state.listens, headphones]);
  useKeys({ l: () => void listen(!state.listens) });
  const title = replay.title(state.call.partner.name || row?.customer || '');
  return (
    <div className="page page--full">
      <Link className="link page__back" to="/dashboard">
        <ArrowLeft size={16} aria-hidden="true" />
        {texts.back}
      </Link>
      <TabTitle>{title}</TabTitle>{' '}
      <div className="page__head">
        <ArrivalHeading>{title}</ArrivalHeading>
        <span className="au-empty" dir="auto">
          {row?.agent || texts.unnamed}
          {row && <Timer floor={floor} since={Date.parse(row.since)} />}
        </span>
        <ConnectionBadge connection={state.connection} />
      </div>
      <Ears state={state} headphones={headphones} sound={sound} onListen={listen} />
      <Screening call={state.call} customer={state.call.partner.name} agent={row?.agent ?? ''} />
    </div>
  );
}

function Timer({ floor, since }: Readonly<{ floor: FloorState; since: number }>) {
  return <>{` · ${clock(useBoxTime(floor) - since)}`}</>;
}

type EarsProps = Readonly<{
  state: FollowingState;
  headphones: Headphones;
  sound: HeadphonesState;
  onListen: (on: boolean) => Promise<void>;
}>;

function Ears({ state, headphones, sound, onListen }: EarsProps) {
  const { floor: texts } = useAppTexts();
  const { connection, listens, refused, call } = state;
  if (connection === 'closed') return <Over callId={call.id} />;
  const { problem } = sound;
  return (
    <div className="floor__ears">
      {connection === 'refused' && refused === null && <Forbidden />}
      {refused !== null && <Failure error={Refusal.of(refused)} />}
      {problem !== null && (
        <p className="notice notice--bad" role="alert">
          <strong>{texts.problems[problem].problem}</strong> {texts.problems[problem].fix}
        </p>
      )}
      <Button
        look={listens ? 'plain' : 'primary'}
        icon={listens ? <EarOff size={18} /> : <Ear size={18} />}
        disabled={connection === 'refused'}
        onClick={() => void onListen(!listens)}
      >
        {listens ? texts.stop : texts.listen} <kbd className="au-key">L</kbd>
      </Button>
      <Sign state={state} />
      {listens && (
        <>
          <LiveLevelMeter source={headphones.levels.agent} label={texts.agentVoice} />
          <LiveLevelMeter source={headphones.levels.customer} label={texts.customerVoice} />
        </>
      )}
    </div>
  );
}

/** Whether they hear, and what they do not. */
function Sign({ state: { call, listens, missedMs } }: Readonly<{ state: FollowingState }>) {
  const { floor: texts } = useAppTexts();
  const { language } = usePreferences();
  const seconds = (missedMs / 1000).toLocaleString(localeOf(language), {
    maximumFractionDigits: 1,
  });
  return (
    <div className="floor__sign" role="status">
      <p className={listens ? 'notice' : 'au-empty'}>{listens ? texts.listening : texts.silent}</p>
      {call.call.state === 'paused' && <p className="notice">{texts.paused}</p>}
      {missedMs > 0 && <p className="notice">{texts.missed(seconds)}</p>}
    </div>
  );
}

function Over({ callId }: Readonly<{ callId: string }>) {
  const { floor: texts } = useAppTexts();
  return (
    <p className="notice" role="status">
      <span>{texts.ended}</span>
      <Link className="link" to={`/calls/history/${encodeURIComponent(callId)}`}>
        {texts.record}
      </Link>
    </p>
  );
}
