/** Every call that was recorded, newest first. */

import { Button } from '@agent/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { SessionTable } from './SessionTable';

const PAGE = 50;
const STATES = ['active', 'ended', 'interrupted', 'waiting'] as const;

export function HistoryPage() {
  const { history } = useAppTexts();
  const [search, setSearch] = useState('');
  const [state, setState] = useState('');
  const pages = useInfiniteQuery({
    queryKey: ['sessions'],
    queryFn: ({ pageParam }) => api.sessions(PAGE, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ sessions }) =>
      sessions.length < PAGE ? undefined : sessions.at(-1)?.call_id,
  });
  const all = pages.data?.pages.flatMap((page) => page.sessions) ?? [];
  const wanted = search.trim().toLocaleLowerCase();
  const found = all.filter(
    (row) =>
      (state === '' || row.status === state) &&
      `${row.customer} ${row.agent}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <div className="page">
      <TabTitle>{history.title}</TabTitle>{' '}
      <div className="page__head">
        <h1>{history.title}</h1>
        <div className="page__filters">
          <input
            className="au-field"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            placeholder={history.search}
            aria-label={history.search}
          />
          <select
            className="au-field"
            value={state}
            onChange={(event) => setState(event.target.value)}
            aria-label={history.status}
          >
            <option value="">{history.all}</option>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {history.states[name]}
              </option>
            ))}
          </select>
        </div>
      </div>
      {pages.isError && <Failure error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.isPending && <Loading />}
      {pages.isSuccess && all.length === 0 && (
        <p className="au-card au-empty page__empty">
          <strong>{history.empty}</strong> {history.emptyHint}
        </p>
      )}
      {all.length > 0 && found.length === 0 && <p className="au-empty">{history.noneFound}</p>}
      {found.length > 0 && <SessionTable sessions={found} />}
      {pages.hasNextPage && (
        <Button onClick={() => pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
          {history.more}
        </Button>
      )}
    </div>
  );
}

function Loading() {
  return (
    <div className="au-card" aria-busy="true">
      <div className="au-skeleton" />
      <div className="au-skeleton" />
      <div className="au-skeleton au-skeleton--short" />
    </div>
  );
}
