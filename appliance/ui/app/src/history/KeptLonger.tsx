/** For supervisors: why a call is kept, what was taken out of it, and what a customer is
 * given of themselves. */

import { localeOf, type SessionDetail } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { useRoles } from '../shell/For';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{ detail: SessionDetail }>;

export function KeptLonger({ detail }: Props) {
  const { keeping } = useAppTexts();
  const { language } = usePreferences();
  const supervises = useRoles().includes('supervisor');
  const callId = detail.session.call_id;
  const customerId = customerOf(detail);
  const holds = useQuery({
    queryKey: ['holds', callId],
    queryFn: () => api.holdsOf(callId),
    enabled: supervises,
  });
  const purged = detail.events.findLast((event) => event.kind === 'purged')?.payload['what'];
  const kept = holds.data?.holds ?? [];
  const gives = supervises && customerId !== '';
  if (purged === undefined && kept.length === 0 && !gives) return null;
  return (
    <section className="au-card">
      {purged !== undefined && (
        <p>{purged === 'person' ? keeping.purged.person : keeping.purged.said}</p>
      )}
      {kept.length > 0 && <h2 className="au-card__title">{keeping.onCall}</h2>}
      {kept.map((hold) => (
        <p key={hold.id} dir="auto">
          {hold.reason}
          {hold.until !== null &&
            ` · ${keeping.until} ${new Date(hold.until).toLocaleDateString(localeOf(language))}`}
        </p>
      ))}
      {gives && (
        <a
          className="link recording__save"
          href={`/api/exports/customers/${encodeURIComponent(customerId)}`}
          download
        >
          <Download size={16} aria-hidden="true" />
          {keeping.export}
        </a>
      )}
    </section>
  );
}

/** Who it was, as the record knew at the end, wherever the replay stands. */
function customerOf({ events }: SessionDetail): string {
  const last = events.findLast(({ kind }) => kind === 'customer');
  const card = last?.payload['card'] as Readonly<{ id: string }> | null | undefined;
  return card?.id ?? '';
}
