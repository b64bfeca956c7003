/** The agent looks for the customer by hand. */

import { CustomerSearch, type LiveCall, type SearchState } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { useSettled } from '../shell/useSettled';

const FEWEST = 2;

export function FindCustomer({ live }: Readonly<{ live: LiveCall }>) {
  const [query, setQuery] = useState('');
  const asked = useSettled(query.trim());
  const hits = useQuery({
    queryKey: ['customers', asked],
    queryFn: () => api.customers(asked),
    enabled: asked.length >= FEWEST,
    // What is not asked again is not there to be found on a shared screen later.
    gcTime: 0,
  });
  const found: SearchState =
    asked.length < FEWEST ? null : (hits.data?.customers ?? (hits.isError ? 'failed' : 'loading'));
  const choose = (id: string) => {
    live.tell({ type: 'choose_customer', id });
    setQuery('');
  };
  return <CustomerSearch query={query} onQuery={setQuery} found={found} onChoose={choose} />;
}
