/** Between two calls: who waits, and the next one to answer. */

import { Button, CustomerInfoCard, clock, type Waiter } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { Coffee, Phone, PhoneIncoming } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { agent, useShift } from '../session/agent';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { audio } from '../session/sound';
import { Failure } from '../shell/Broken';
import { SoundNotice } from '../shell/SoundNotice';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { useEarlierCalls } from './useEarlierCalls';
import { useKeys } from './useKeys';

/** Two-way sound is to start within two seconds of the match; this is seen before that. */
const LOOK_MS = 1000;

export function Idle() {
  const { state } = useShift();
  const waiting = useQuery({
    queryKey: ['waiting'],
    queryFn: api.waiting,
    refetchInterval: LOOK_MS,
    refetchIntervalInBackground: true,
  });
  const here = waiting.data?.waiting.filter((waiter) => waiter.connected) ?? [];
  return (
    <div className="idle">
      <SoundNotice />
      {waiting.isError && <Failure error={waiting.error} onRetry={() => waiting.refetch()} />}
      {state === 'break' ? <Break /> : <Next waiter={here[0] ?? null} />}
      <Queue waiting={waiting.data?.waiting ?? []} />
    </div>
  );
}

/** The one to be answered next. */
function Next({ waiter }: Readonly<{ waiter: Waiter | null }>) {
  const { autoAnswer } = usePreferences();
  const [error, setError] = useState<unknown>(null);
  const answer = useAnswer(waiter, setError);
  useRing(waiter?.call_id);
  useEffect(() => {
    if (autoAnswer) answer?.();
  }, [autoAnswer, answer]);
  const { queue } = useAppTexts();
  return (
    <>
      <TabTitle>{waiter === null ? queue.title : `${queue.incoming}: ${waiter.name}`}</TabTitle>
      {error !== null && <Failure error={error} />}
      {waiter !== null && answer !== null && <Incoming waiter={waiter} onAnswer={answer} />}
    </>
  );
}

function useAnswer(waiter: Waiter | null, onError: (error: unknown) => void): (() => void) | null {
  const callId = waiter?.call_id;
  const reason = waiter?.reason ?? '';
  const answer = useCallback(() => {
    if (callId === undefined) return;
    onError(null);
    agent.answer(callId, reason).catch(onError);
  }, [callId, reason, onError]);
  useKeys({ Enter: answer });
  return callId === undefined ? null : answer;
}

/** Somebody new at the head of the queue is heard. */
function useRing(callId: string | undefined): void {
  useEffect(() => {
    if (callId !== undefined) audio.beep();
  }, [callId]);
}

function Break() {
  const { queue } = useAppTexts();
  return (
    <div className="notice">
      <Coffee size={20} aria-hidden="true" />
      <span>{queue.onBreak}</span>
      <Button look="primary" onClick={() => agent.setState('available')}>
        {queue.back}
      </Button>
    </div>
  );
}

function Incoming({ waiter, onAnswer }: Readonly<{ waiter: Waiter; onAnswer: () => void }>) {
  const { queue } = useAppTexts();
  const { earlier, retry } = useEarlierCalls(waiter.name);
  const person = { name: waiter.name, presence: 'here', muted: false, holding: false } as const;
  return (
    <section className="incoming" aria-label={queue.incoming}>
      <p className="incoming__label" role="status">
        <PhoneIncoming size={18} aria-hidden="true" />
        {queue.incoming} · {queue.waits(clock(waiter.seconds * 1000))}
      </p>
      <CustomerInfoCard person={person} reason={waiter.reason} earlier={earlier} onRetry={retry} />
      <Button look="primary" size="large" onClick={onAnswer} icon={<Phone size={20} />}>
        {queue.answer} <kbd className="au-key">Enter</kbd>
      </Button>
    </section>
  );
}

function Queue({ waiting }: Readonly<{ waiting: readonly Waiter[] }>) {
  const { queue } = useAppTexts();
  const stats = useQuery({ queryKey: ['stats'], queryFn: api.stats, refetchInterval: 5000 });
  return (
    <section className="au-card" aria-label={queue.title}>
      <div className="idle__head">
        <h1 className="idle__title">{queue.title}</h1>
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
