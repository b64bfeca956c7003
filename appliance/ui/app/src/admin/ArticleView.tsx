/** One article as agents see its passages, and its older versions. */

import { Button } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{ id: string; onClose: () => void }>;

export function ArticleView({ id, onClose }: Props) {
  const { knowledge } = useAppTexts();
  const [version, setVersion] = useState<number | null>(null);
  const article = useQuery({ queryKey: ['articles', id], queryFn: () => api.article(id) });
  const versions = article.data?.versions ?? [];
  const shown = versions.find((one) => one.version === version) ?? versions[0];
  return (
    <section className="au-card" aria-label={shown?.title ?? id}>
      <h3 className="au-card__title">{shown?.title ?? id}</h3>
      {article.isError && <Failure error={article.error} onRetry={() => article.refetch()} />}
      {shown?.passages.map((passage) => (
        <div key={passage.section + passage.text}>
          {passage.section !== '' && <h4 dir="auto">{passage.section}</h4>}
          {passage.steps.length === 0 ? (
            <p dir="auto">{passage.text}</p>
          ) : (
            <ol start={passage.first_step}>
              {passage.steps.map((step) => (
                <li key={step} dir="auto">
                  {step}
                </li>
              ))}
            </ol>
          )}
        </div>
      ))}
      {versions.length > 1 && (
        <fieldset className="au-advice__do" aria-label={knowledge.versions}>
          {versions.map((one) => (
            <Button
              key={one.version}
              size="small"
              look={one === shown ? 'primary' : 'quiet'}
              onClick={() => setVersion(one.version)}
            >
              {`${one.version} · ${one.changed.slice(0, 10)}`}
            </Button>
          ))}
        </fieldset>
      )}
      <Button onClick={onClose}>{knowledge.close}</Button>
    </section>
  );
}
