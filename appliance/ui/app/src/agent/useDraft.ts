/** What the box drafts about a call that is over, and what the agent makes of it. */

import type { DraftState } from '@agent/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../session/api';
import { forget, keep, recalled } from '../session/preferences';
import { useAppTexts } from '../texts/Texts';
import { draftText } from './draft';

/** Often enough to look as if it were being typed. */
const ASK_AGAIN_MS = 300;

const KEY = 'appliance.wrap-up';

/** What outlives the page, so that a reload costs nobody their words. */
type Kept = Readonly<{ callId: string; outcome: string | null; own: string | null }>;

export function useDraft(callId: string) {
  const { summary: texts } = useAppTexts();
  const client = useQueryClient();
  const [kept, setKept] = useState(() => keptOf(callId));
  const asked = useQuery({
    queryKey: ['draft', callId],
    queryFn: () => api.draft(callId),
    refetchInterval: ({ state }) => (state.data?.writing ? ASK_AGAIN_MS : false),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = useMutation({
    mutationFn: () => api.redraft(callId),
    onSuccess: (state: DraftState) => client.setQueryData(['draft', callId], state),
  });
  useEffect(() => keep(KEY, kept), [kept]);
  const { summary = null, writing = false, dispositions = [] } = asked.data ?? {};
  const draft = summary === null ? '' : draftText(summary, texts);
  return {
    summary,
    writing,
    dispositions,
    draft,
    /** The draft itself, until the agent has written something: then that, whatever comes. */
    text: kept.own ?? draft,
    isOwn: kept.own !== null && kept.own !== draft,
    write: (own: string) => setKept({ ...kept, own }),
    outcome: kept.outcome,
    choose: (outcome: string) => setKept({ ...kept, outcome }),
    add: () => setKept({ ...kept, own: [kept.own?.trim(), draft].filter(Boolean).join('\n') }),
    again: () => {
      // What was not changed makes room for the new one.
      if (kept.own === draft) setKept({ ...kept, own: null });
      again.mutate();
    },
    error: again.error,
    done: () => forget(KEY),
  };
}

export type DraftDesk = ReturnType<typeof useDraft>;

function keptOf(callId: string): Kept {
  const kept = recalled(KEY) as Partial<Kept> | null;
  return kept?.callId === callId ? (kept as Kept) : { callId, outcome: null, own: null };
}
