/** Every call of the record, newest first, and the search in it. */

import { Button } from '@agent/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { useRoles } from '../shell/For';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { Save } from '../trends/Save';
import { queryOf } from './asked';
import { Filters } from './Filters';
import { wordsOf } from './marked';
import { SessionTable } from './SessionTable';
import { useAsked } from './useAsked';

const PAGE = 50;

export function HistoryPage() {
  const { history } = useAppTexts();
  const asking = useAsked();
  const query = queryOf(asking.asked).toString();
  const pages = useInfiniteQuery({
    queryKey: ['sessions', 'search', query],
    queryFn: ({ pageParam }) => api.find(query, PAGE, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    // What was found before stands until the next answer: a list that blinks is not read.
    placeholderData: keepPreviousData,
  });
  const found = pages.data?.pages.flatMap((page) => page.sessions) ?? [];
  const nothing = pages.isSuccess && found.length === 0;
  return (
    <div className="page page--wide">
      <TabTitle>{history.title}</TabTitle>{' '}
      <div className="page__head">
        <h1>{history.title}</h1>
        <div className="page__aside">
          <p className="au-empty" role="status">
            {found.length > 0 && history.found(found.length, pages.hasNextPage)}
          </p>
          <Reset searched={query !== ''} onClick={asking.clear} />
          <SaveFound any={found.length > 0} query={query} />
        </div>
      </div>
      <Filters asking={asking} found={found} />
      {pages.isError && <Failure error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.isPending && <Loading />}
      {nothing && <Nothing searched={query !== ''} />}
      {found.length > 0 && (
        <SessionTable
          sessions={found}
          words={wordsOf(asking.asked.q)}
          busy={pages.isPlaceholderData}
        />
      )}
      {pages.hasNextPage && (
        <Button
          className="page__more"
          onClick={() => pages.fetchNextPage()}
          disabled={pages.isFetchingNextPage}
        >
          {history.more}
        </Button>
      )}
    </div>
  );
}

function SaveFound({ any, query }: Readonly<{ any: boolean; query: string }>) {
  const roles = useRoles();
  return any && roles.includes('supervisor') && <Save what="calls" query={query} />;
}

function Reset({ searched, onClick }: Readonly<{ searched: boolean; onClick: () => void }>) {
  const { history } = useAppTexts();
  if (!searched) return null;
  return (
    <Button look="quiet" onClick={onClick} icon={<X size={16} />}>
      {history.clear}
    </Button>
  );
}

function Nothing({ searched }: Readonly<{ searched: boolean }>) {
  const { history } = useAppTexts();
  return (
    <p className="au-card au-empty page__empty">
      <strong>{searched ? history.noneFound : history.empty}</strong>
      {searched ? history.noneFoundHint : history.emptyHint}
    </p>
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
