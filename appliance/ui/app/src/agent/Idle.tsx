/** Between two calls: who waits, and the next one to answer. */

import {
  Button,
  ConnectionBadge,
  CustomerInfoCard,
  clock,
  type Duty,
  type Waiter,
} from '@agent/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Coffee, Phone, PhoneIncoming } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { agent, useShift } from '../session/agent';
import { api, Refusal } from '../session/api';
import { usePreferences } from '../session/preferences';
import { audio } from '../session/sound';
import { Failure } from '../shell/Broken';
import { SoundNotice } from '../shell/SoundNotice';
import { TabTitle } from '../shell/Title';
import { useNow } from '../shell/useNow';
import { useAppTexts } from '../texts/Texts';
import { useEarlierCalls } from './useEarlierCalls';
import { useKeys } from './useKeys';

type Offer = NonNullable<Duty['offer']>;

/** The list is for orientation: who is to be answered, the box says by itself. */
const LOOK_MS = 2000;

export function Idle() {
  const { state, desk } = useShift();
  const offer = desk?.offer ?? null;
  const waiting = useQuery({
    // Anew at once when somebody else rings: the list has changed.
    queryKey: ['waiting', offer?.call_id],
    placeholderData: keepPreviousData,
    queryFn: api.waiting,
    refetchInterval: LOOK_MS,
    refetchIntervalInBackground: true,
  });
  return (
    <div className="idle">
      <SoundNotice />
      {waiting.isError && <Failure error={waiting.error} onRetry={() => waiting.refetch()} />}
      {desk?.refused && <Failure error={Refusal.of(desk.refused)} />}
      {state === 'away' ? <Away /> : <Next offer={offer} />}
      <Queue waiting={waiting.data?.waiting ?? []} isCut={desk?.connection === 'retrying'} />
    </div>
  );
}

/** The one who rings at this desk. */
function Next({ offer }: Readonly<{ offer: Offer | null }>) {
  const { autoAnswer } = usePreferences();
  const [error, setError] = useState<unknown>(null);
  const answer = useAnswer(offer, setError);
  useRing(offer?.call_id);
  useEffect(() => {
    if (autoAnswer) answer?.();
  }, [autoAnswer, answer]);
  const { queue } = useAppTexts();
  return (
    <>
      <TabTitle>{offer === null ? queue.title : `${queue.incoming}: ${offer.name}`}</TabTitle>
      {error !== null && <NotAnswered error={error} />}
      {offer !== null && answer !== null && (
        <Incoming key={offer.call_id} offer={offer} onAnswer={answer} />
      )}
    </>
  );
}

/** That a colleague was quicker is no fault, and needs nothing done about it. */
function NotAnswered({ error }: Readonly<{ error: unknown }>) {
  const { queue } = useAppTexts();
  if (!(error instanceof Refusal)) return <Failure error={error} />;
  return (
    <p className="notice" role="status">
      {queue.taken}
    </p>
  );
}

function useAnswer(offer: Offer | null, onError: (error: unknown) => void): (() => void) | null {
  const callId = offer?.call_id;
  const reason = offer?.reason ?? '';
  const answer = useCallback(() => {
    if (callId === undefined) return;
    onError(null);
    agent.answer(callId, reason).catch(onError);
  }, [callId, reason, onError]);
  useKeys({ Enter: answer });
  return callId === undefined ? null : answer;
}

/** Somebody new who rings is heard. */
function useRing(callId: string | undefined): void {
  useEffect(() => {
    if (callId !== undefined) audio.beep();
  }, [callId]);
}

function Away() {
  const { queue } = useAppTexts();
  return (
    <div className="notice">
      <Coffee size={20} aria-hidden="true" />
      <span>{queue.onBreak}</span>
      <Button look="primary" onClick={() => agent.be('available')}>
        {queue.back}
      </Button>
    </div>
  );
}

function Incoming({ offer, onAnswer }: Readonly<{ offer: Offer; onAnswer: () => void }>) {
  const { queue } = useAppTexts();
  const { customer } = offer;
  const { earlier, retry } = useEarlierCalls(offer.name, '', customer?.card?.id);
  const [since] = useState(() => Date.now() - offer.waited_ms);
  const person = { name: offer.name, presence: 'here', muted: false, holding: false } as const;
  return (
    <section className="incoming" aria-label={queue.incoming}>
      <p className="incoming__label">
        <PhoneIncoming size={18} aria-hidden="true" />
        {/* Said once: a clock that is read out each second would be all that is heard. */}
        <span role="status">{queue.incoming}</span> · <Wait since={since} />
        {offer.queue !== '' && <span className="au-badge">{offer.queue}</span>}
      </p>
      <Button look="primary" size="large" onClick={onAnswer} icon={<Phone size={20} />}>
        {queue.answer} <kbd className="au-key">Enter</kbd>
      </Button>
      <CustomerInfoCard
        person={person}
        reason={offer.reason}
        earlier={earlier}
        onRetry={retry}
        known={customer}
      />
    </section>
  );
}

function Wait({ since }: Readonly<{ since: number }>) {
  const { queue } = useAppTexts();
  return <>{queue.waits(clock(useNow() - since))}</>;
}

function Queue({ waiting, isCut }: Readonly<{ waiting: readonly Waiter[]; isCut: boolean }>) {
  const { queue } = useAppTexts();
  const stats = useQuery({ queryKey: ['stats'], queryFn: api.stats, refetchInterval: 5000 });
  return (
    <section className="au-card" aria-label={queue.title}>
      <div className="idle__head">
        <h1 className="idle__title">{queue.title}</h1>
        {isCut && <ConnectionBadge connection="retrying" />}
        {stats.data && <span className="au-badge">{queue.live(stats.data.active)}</span>}
      </div>
      <Waiting waiting={waiting} />
    </section>
  );
}

function Waiting({ waiting }: Readonly<{ waiting: readonly Waiter[] }>) {
  const { queue } = useAppTexts();
  if (waiting.length === 0) {
    return (
      <p className="au-empty idle__empty">
        <strong>{queue.empty}</strong>
        {queue.emptyHint}
      </p>
    );
  }
  return (
    <ol className="idle__list">
      {waiting.map((waiter) => (
        <li key={waiter.call_id} className="idle__waiter">
          <div className="idle__who">
            <strong dir="auto">{waiter.name}</strong>
            <span dir="auto">{waiter.reason || queue.noReason}</span>
          </div>
          <span className="idle__time">
            {waiter.connected ? clock(waiter.seconds * 1000) : queue.away}
          </span>
        </li>
      ))}
    </ol>
  );
}
