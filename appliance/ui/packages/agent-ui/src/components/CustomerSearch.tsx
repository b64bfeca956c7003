/** A box to find a customer with; what is found is for the page to ask for. */

import { useId } from 'react';
import { useTexts } from '../texts/Texts';
import type { CustomerCandidate } from '../wire/types';
import { CustomerMatches } from './CustomerMatches';

/** null: nothing has been asked. */
export type SearchState = readonly CustomerCandidate[] | 'loading' | 'failed' | null;

type Props = Readonly<{
  query: string;
  onQuery: (query: string) => void;
  found: SearchState;
  onChoose: (id: string) => void;
}>;

export function CustomerSearch({ query, onQuery, found, onChoose }: Props) {
  const { known: texts } = useTexts();
  const input = useId();
  const some = Array.isArray(found) && found.length > 0;
  return (
    <search className="au-customer__part au-search">
      <label htmlFor={input} className="au-card__title">
        {texts.search}
      </label>
      <input
        id={input}
        type="search"
        className="au-field"
        dir="auto"
        autoComplete="off"
        maxLength={200}
        placeholder={texts.searchHint}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
      />
      <p className={some ? 'au-visually-hidden' : 'au-empty'} role="status">
        {words(found, texts)}
      </p>
      {some && <CustomerMatches title="" matches={found} onChoose={onChoose} />}
    </search>
  );
}

function words(found: SearchState, texts: ReturnType<typeof useTexts>['known']): string {
  if (found === null) return '';
  if (found === 'loading') return texts.searching;
  if (found === 'failed') return texts.failed;
  return found.length === 0 ? texts.nobody : texts.found(found.length);
}
