/** What would be found if a customer said this, and why. */

import { Button } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';

const round = (part: number) => Math.round(part * 100) / 100;

export function TrySearch() {
  const { knowledge } = useAppTexts();
  const [query, setQuery] = useState('');
  const tried = useMutation({ mutationFn: api.tryArticles });
  const hits = tried.data?.hits;
  return (
    <section className="au-card" aria-label={knowledge.search}>
      <h3 className="au-card__title">{knowledge.search}</h3>
      <Form onSend={() => query.trim() !== '' && tried.mutate(query.trim())}>
        <input
          className="au-field"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={knowledge.searchHint}
          aria-label={knowledge.searchHint}
          maxLength={300}
        />
        <Button type="submit">{knowledge.tryIt}</Button>
      </Form>
      {tried.isError && <Failure error={tried.error} />}
      {hits?.length === 0 && <p className="au-empty">{knowledge.nothing}</p>}
      <ol>
        {hits?.map((hit) => (
          <li key={`${hit.article} ${hit.section} ${hit.text}`}>
            <strong dir="auto">{[hit.title, hit.section].filter(Boolean).join(' › ')}</strong>{' '}
            <span className={`au-badge au-badge--${hit.cited ? 'good' : 'plain'}`}>
              {`${Math.round(hit.probability * 100)} % · ${hit.cited ? knowledge.cited : knowledge.uncited}`}
            </span>
            <p dir="auto">{hit.text}</p>
            <p className="au-empty">
              {knowledge.why(round(hit.sense), round(hit.wording), round(hit.name))}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
