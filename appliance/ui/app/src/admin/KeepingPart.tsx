/** What is kept longer than the rules say, and who is to be taken out. */

import { Button, type Held, localeOf, type Ran } from '@agent/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { Erase } from './Erase';
import { PlaceHold } from './PlaceHold';
import { Sure } from './Sure';

export function KeepingPart() {
  const { keeping } = useAppTexts();
  const [releasing, setReleasing] = useState<Held | null>(null);
  const holds = useQuery({ queryKey: ['holds'], queryFn: api.holds });
  const due = useQuery({ queryKey: ['retention'], queryFn: api.retention });
  const all = holds.data?.holds ?? [];
  return (
    <>
      <p className="au-empty">{keeping.intro}</p>
      {due.isError && <Failure error={due.error} onRetry={() => due.refetch()} />}
      {due.data && <DueTonight due={due.data} />}
      <h2>{keeping.holds}</h2>
      {holds.isError && <Failure error={holds.error} onRetry={() => holds.refetch()} />}
      {holds.isSuccess && all.length === 0 && <p className="au-card au-empty">{keeping.none}</p>}
      {all.length > 0 && <HoldTable holds={all} onRelease={setReleasing} />}
      <PlaceHold />
      <Erase />
      {releasing && <Release held={releasing} onDone={() => setReleasing(null)} />}
    </>
  );
}

function DueTonight({ due }: Readonly<{ due: Ran }>) {
  const { keeping } = useAppTexts();
  return (
    <p className="au-card">
      {keeping.due(due.recordings, due.transcripts, due.calls)}
      {due.audit > 0 && ` ${keeping.audit(due.audit)}`}
      {due.held > 0 && ` ${keeping.held(due.held)}`}
    </p>
  );
}

type TableProps = Readonly<{ holds: readonly Held[]; onRelease: (held: Held) => void }>;

function HoldTable({ holds, onRelease }: TableProps) {
  const { keeping } = useAppTexts();
  const { language } = usePreferences();
  return (
    <Table
      label={keeping.holds}
      columns={[
        { name: keeping.whose },
        { name: keeping.calls, number: true },
        { name: keeping.reason },
        { name: keeping.by },
        { name: keeping.until },
        { name: keeping.release },
      ]}
    >
      <tbody>
        {holds.map((held) => (
          <tr key={held.hold.id}>
            <td dir="auto">{`${keeping.kinds[held.hold.kind]} ${held.hold.subject}`}</td>
            <td>{held.calls}</td>
            <td dir="auto">{held.hold.reason}</td>
            <td dir="auto">{held.hold.placed_by}</td>
            <td>
              {held.hold.until === null
                ? keeping.open
                : new Date(held.hold.until).toLocaleDateString(localeOf(language))}
            </td>
            <td>
              <Button
                size="small"
                aria-label={keeping.releaseOf(held.hold.subject)}
                onClick={() => onRelease(held)}
              >
                {keeping.release}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Release({ held, onDone }: Readonly<{ held: Held; onDone: () => void }>) {
  const { keeping } = useAppTexts();
  const queries = useQueryClient();
  const { id, subject } = held.hold;
  const release = useMutation({
    mutationFn: () => api.releaseHold(id),
    onSuccess: (holds) => {
      queries.setQueryData(['holds'], holds);
      void queries.invalidateQueries({ queryKey: ['retention'] });
      onDone();
    },
  });
  return (
    <Sure
      title={keeping.releaseSure(subject)}
      text={keeping.releaseText}
      yes={keeping.release}
      busy={release.isPending}
      error={release.error}
      onYes={() => release.mutate()}
      onNo={onDone}
    />
  );
}
