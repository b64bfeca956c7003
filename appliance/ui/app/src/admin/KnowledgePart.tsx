/** The site's articles: what there is, how it is found, what to add and to take out. */

import { type ArticlesChanged, Button } from '@agent/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Refusal } from '../session/api';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { ArticleView } from './ArticleView';
import { TrySearch } from './TrySearch';

const NUMBER = cellOf({ number: true, extra: true });

/** A change of the articles; asked for again with `force` where the golden set is against it. */
type Change = (force: boolean) => Promise<ArticlesChanged>;

export function KnowledgePart() {
  const { knowledge } = useAppTexts();
  const queries = useQueryClient();
  const [open, setOpen] = useState('');
  const list = useQuery({ queryKey: ['articles'], queryFn: api.articles });
  const change = useMutation({
    mutationFn: ({ run, force }: { run: Change; force: boolean }) => run(force),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['articles'] }),
  });
  const run = (wish: Change) => change.mutate({ run: wish, force: false });
  const articles = list.data?.articles ?? [];
  return (
    <>
      <Table
        label={knowledge.title}
        busy={list.isPending || change.isPending}
        columns={[
          { name: knowledge.article },
          { name: knowledge.passages, number: true, extra: true },
          { name: knowledge.version, number: true, extra: true },
          { name: knowledge.changed, extra: true },
          { name: knowledge.remove },
        ]}
        head={
          <>
            <h2 className="au-card__title">{knowledge.title}</h2>
            <p className="au-empty">{articles.length > 0 ? knowledge.intro : knowledge.none}</p>
            {list.isError && <Failure error={list.error} onRetry={() => list.refetch()} />}
            <Upload onChoose={(files) => run((force) => uploaded(files, force))} />
            {change.isError && (
              <Refused
                error={change.error}
                onForce={() =>
                  change.variables && change.mutate({ ...change.variables, force: true })
                }
              />
            )}
            {change.data && <Done told={change.data} />}
          </>
        }
      >
        <tbody>
          {articles.map((row) => (
            <tr key={row.id}>
              <td>
                <Button look="quiet" onClick={() => setOpen(row.id)}>
                  {row.title}
                </Button>
              </td>
              <td className={NUMBER}>{row.passages}</td>
              <td className={NUMBER}>{row.version}</td>
              <td className={cellOf({ extra: true })}>{row.changed.slice(0, 10)}</td>
              <td>
                <Button
                  size="small"
                  onClick={() => run((force) => api.removeArticle(row.id, force))}
                >
                  {knowledge.remove}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {open !== '' && <ArticleView id={open} onClose={() => setOpen('')} />}
      <TrySearch />
    </>
  );
}

/** One file after the other: each is refused or taken by itself. */
async function uploaded(files: readonly File[], force: boolean): Promise<ArticlesChanged> {
  const whole: ArticlesChanged = { added: [], changed: [], removed: [], right: 0, questions: 0 };
  let told = whole;
  for (const file of files) {
    const next = await api.putArticle({ name: file.name, text: await file.text(), force });
    told = {
      ...next,
      added: [...told.added, ...next.added],
      changed: [...told.changed, ...next.changed],
    };
  }
  return told;
}

function Upload({ onChoose }: Readonly<{ onChoose: (files: readonly File[]) => void }>) {
  const { knowledge } = useAppTexts();
  return (
    <label className="field">
      <span>{knowledge.add}</span>
      <input
        className="au-field"
        type="file"
        multiple
        accept=".md,.markdown,.html,.htm,.csv"
        onChange={({ target }) => {
          onChoose([...(target.files ?? [])]);
          target.value = '';
        }}
      />
    </label>
  );
}

function Refused({ error, onForce }: Readonly<{ error: unknown; onForce: () => void }>) {
  const { knowledge } = useAppTexts();
  const byGolden = error instanceof Refusal && error.status === 409;
  return (
    <>
      <Failure error={error} />
      {byGolden && <Button onClick={onForce}>{knowledge.force}</Button>}
    </>
  );
}

function Done({ told }: Readonly<{ told: ArticlesChanged }>) {
  const { knowledge } = useAppTexts();
  return (
    <p role="status">
      {knowledge.done(told.added.length, told.changed.length, told.removed.length)}{' '}
      {told.questions > 0 && knowledge.golden(told.right, told.questions)}
    </p>
  );
}
