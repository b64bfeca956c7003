/** Who did what, and whether the log of it is whole. */

import { Button, type Entry, localeOf } from '@agent/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useSettled } from '../shell/useSettled';
import { useAppTexts } from '../texts/Texts';
import { Verify } from './Verify';

const PAGE = '50';

export function AuditPart() {
  const { audit } = useAppTexts().access;
  const [person, setPerson] = useState('');
  const [action, setAction] = useState('');
  const sought = useSettled(person.trim());
  const pages = useInfiniteQuery({
    queryKey: ['audit', sought, action],
    queryFn: ({ pageParam }) => {
      const before = pageParam === null ? {} : { before: String(pageParam) };
      const query = { limit: PAGE, person: sought, action, ...before };
      return api.audit(new URLSearchParams(query).toString());
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <p className="au-empty">{audit.intro}</p>
      <Verify />
      <div className="filters">
        <label className="filters__one">
          {audit.person}
          <input
            className="au-field"
            type="search"
            dir="auto"
            maxLength={100}
            value={person}
            onChange={(event) => setPerson(event.target.value)}
          />
        </label>
        <label className="filters__one">
          {audit.action}
          <select
            className="au-field filters__wide"
            value={action}
            onChange={(event) => setAction(event.target.value)}
          >
            <option value="">{audit.all}</option>
            {Object.entries(audit.actions).map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {pages.isError && <Failure error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.isSuccess && rows.length === 0 && <p className="au-card au-empty">{audit.none}</p>}
      {rows.length > 0 && <Rows rows={rows} busy={pages.isPlaceholderData} />}
      {pages.hasNextPage && (
        <Button
          className="page__more"
          onClick={() => pages.fetchNextPage()}
          disabled={pages.isFetchingNextPage}
        >
          {audit.more}
        </Button>
      )}
    </>
  );
}

function Rows({ rows, busy }: Readonly<{ rows: readonly Entry[]; busy: boolean }>) {
  const { audit } = useAppTexts().access;
  const { columns } = audit;
  return (
    <Table
      label={audit.title}
      busy={busy}
      columns={[
        { name: columns.when },
        { name: columns.who },
        { name: columns.what },
        { name: columns.whom, extra: true },
        { name: columns.detail, extra: true },
        { name: columns.row, number: true, extra: true },
      ]}
    >
      <tbody>
        {rows.map((row) => (
          <Row key={row.n} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ row }: Readonly<{ row: Entry }>) {
  const { audit } = useAppTexts().access;
  const { language } = usePreferences();
  const when = new Date(row.wall);
  const locale = localeOf(language);
  return (
    <tr className="audit">
      <td className="audit__when">
        <time dateTime={row.wall}>
          <span>{when.toLocaleDateString(locale, { dateStyle: 'medium' })}</span>{' '}
          <span>{when.toLocaleTimeString(locale, { timeStyle: 'medium' })}</span>
        </time>
      </td>
      <td dir="auto" className="table__name">
        {row.actor || audit.nobody}
      </td>
      <td>{audit.actions[row.action] ?? row.action}</td>
      <td dir="auto" className={`table__name ${cellOf({ extra: true })}`}>
        {row.subject === row.actor ? '' : row.subject}
      </td>
      <td dir="auto" className={`table__name ${cellOf({ extra: true })}`}>
        {row.detail}
      </td>
      <td className={cellOf({ number: true, extra: true })}>{row.n}</td>
    </tr>
  );
}
