/** Calls of a customer before this one: by who they are, or else by the name they gave. */

import { clock, type EarlierCall, localeOf, type SessionRow } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import type { Language } from '../texts/languages';

const LOOKED_THROUGH = 200;
const SHOWN = 3;

export function useEarlierCalls(name: string, except = '', customerId = '') {
  const { language } = usePreferences();
  const sessions = useQuery({
    queryKey: ['earlier'],
    queryFn: () => api.sessions(LOOKED_THROUGH),
    staleTime: 60_000,
    enabled: customerId === '',
  });
  const customer = useQuery({
    queryKey: ['customer', customerId],
    queryFn: () => api.customer(customerId),
    staleTime: 60_000,
    enabled: customerId !== '',
  });
  const asked = customerId === '' ? sessions : customer;
  const rows =
    customerId === ''
      ? sessions.data?.sessions.filter((row) => name !== '' && row.customer === name)
      : customer.data?.calls;
  const earlier =
    rows
      ?.filter((row) => row.ended !== null && row.call_id !== except)
      .slice(0, SHOWN)
      .map((row) => earlierCall(row, language)) ?? (asked.isError ? 'failed' : 'loading');
  return { earlier, retry: () => void asked.refetch() } as const;
}

function earlierCall(row: SessionRow, language: Language): EarlierCall {
  const started = new Date(row.started);
  const length = Date.parse(row.ended ?? row.started) - started.getTime();
  return {
    id: row.call_id,
    href: `/calls/history/${encodeURIComponent(row.call_id)}`,
    when: started.toLocaleDateString(localeOf(language), { dateStyle: 'medium' }),
    detail: clock(length),
  };
}
