/** One recorded call, with its own timing. */

import { HeardIn, localeOf, type SessionDetail, SupervisionSign } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { Drafted } from './Drafted';
import { KeptLonger } from './KeptLonger';
import { Player } from './Player';
import { RecordingCard } from './RecordingCard';
import { Film, type Scene } from './replay';
import { Screening } from './Screening';
import { usePlayer } from './usePlayer';
import { useSound } from './useSound';

export function ReplayPage() {
  const { callId = '' } = useParams();
  const { replay } = useAppTexts();
  const { state } = useLocation();
  // Back to what was found, not to everything.
  const found = typeof state?.found === 'string' ? state.found : '';
  const detail = useQuery({
    queryKey: ['session', callId],
    queryFn: () => api.session(callId, true),
    // A film that changes while it is watched would jump.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="page page--full">
      <Link className="link page__back" to={{ pathname: '/calls/history', search: found }}>
        <ArrowLeft size={16} aria-hidden="true" />
        {replay.back}
      </Link>
      {detail.isError && <Failure error={detail.error} onRetry={() => detail.refetch()} />}
      {detail.isPending && <div className="au-card" aria-busy="true" />}
      {detail.data && <Played detail={detail.data} />}
    </div>
  );
}

function Played({ detail }: Readonly<{ detail: SessionDetail }>) {
  const { replay, history } = useAppTexts();
  const { language } = usePreferences();
  const film = useMemo(() => new Film(detail), [detail]);
  const [address] = useSearchParams();
  const { session } = detail;
  const recorded = useSound(session.call_id);
  const kept = recorded.detail?.kept ?? null;
  // Sound that came late may go on after the last event, and the other way round.
  const lengthMs = Math.max(film.durationMs, kept?.duration_ms ?? 0);
  const player = usePlayer(lengthMs, Number(address.get('at')) || 0, recorded.sound);
  const scene = film.at(player.atMs);
  const { call } = scene;
  return (
    <>
      <TabTitle>{replay.title(session.customer)}</TabTitle>{' '}
      <div className="page__head">
        <h1 dir="auto">{replay.title(session.customer)}</h1>
        <Now scene={scene} />
        <SupervisionSign supervision={call.supervision} />
        <HeardIn call={call} />
        <span className="au-empty">
          {new Date(session.started).toLocaleString(localeOf(language), {
            dateStyle: 'long',
            timeStyle: 'short',
          })}
          {' · '}
          {session.agent || history.unknown}
        </span>
      </div>
      <Screening
        call={call}
        customer={session.customer}
        agent={session.agent}
        onPick={(line) => player.seek(line.atMs)}
      >
        <Written detail={detail} />
        <KeptLonger detail={detail} />
        {recorded.detail && <RecordingCard detail={recorded.detail} failed={recorded.failed} />}
      </Screening>
      <Player film={film} lengthMs={lengthMs} kept={kept} player={player} />
    </>
  );
}

/** What else was the case at this moment; quiet while nothing was. */
function Now({ scene: { call, agent } }: Readonly<{ scene: Scene }>) {
  const { replay } = useAppTexts();
  const { partner, speech } = call;
  const now = [
    (agent.holding || partner.holding) && replay.held,
    partner.muted && replay.muted.customer,
    agent.muted && replay.muted.agent,
    partner.presence === 'away' && replay.away,
    speech.state === 'paused' && replay.notRead,
    call.call.state === 'paused' && replay.payment,
  ].filter((text) => typeof text === 'string');
  return (
    <p className="screening__now">
      {now.map((text) => (
        <span key={text} className="au-badge au-badge--warn">
          {text}
        </span>
      ))}
    </p>
  );
}

/** What the agent wrote afterwards; the last version counts. */
function Written({ detail }: Readonly<{ detail: SessionDetail }>) {
  const { replay, wrapUp } = useAppTexts();
  const note = detail.events.findLast((event) => event.kind === 'wrap_up')?.payload;
  const outcome = String(note?.['outcome'] ?? '');
  const names: Readonly<Record<string, string>> = wrapUp.outcomes;
  return (
    <section className="au-card">
      <h2 className="au-card__title">{replay.wrapUp}</h2>
      {note === undefined ? (
        <p className="au-empty">{replay.noWrapUp}</p>
      ) : (
        <>
          <span className="au-badge">{names[outcome] ?? outcome}</span>
          <p className="written" dir="auto">
            {String(note['summary'] ?? '')}
          </p>
        </>
      )}
      <Drafted detail={detail} saved={String(note?.['summary'] ?? '')} />
    </section>
  );
}
