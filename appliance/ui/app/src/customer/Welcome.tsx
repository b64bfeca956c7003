/** Who is calling, and why. */

import { Button } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { Phone } from 'lucide-react';
import { useState } from 'react';
import { api } from '../session/api';
import { prefer, preferences } from '../session/preferences';
import type { SeatHolder } from '../session/seat';
import { audio } from '../session/sound';
import { Failure } from '../shell/Broken';
import { Form } from '../shell/Form';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';

/** The call that an agent's link leads to, `/customer#CODE`; null without one. */
let invitedTo: string | null = null;

async function invited(): Promise<string | null> {
  const code = location.hash.slice(1);
  if (code === '') return invitedTo;
  invitedTo = (await api.accept(code)).call_id;
  // It is good once, and a second try is of this call all the same.
  history.replaceState(null, '', location.pathname);
  return invitedTo;
}

/** `known` is why they called the last time: whoever calls again need not type it again. */
export function Welcome({ seat, known }: Readonly<{ seat: SeatHolder; known: string }>) {
  const { customer } = useAppTexts();
  const [name, setName] = useState(preferences().name);
  const [reason, setReason] = useState(known);
  const call = useMutation({
    mutationFn: async () => {
      prefer({ name });
      // Asked for first, and waited for: it needs the click that brought us here. Whoever
      // has no microphone may type.
      await audio.start();
      const call_id = await invited();
      const said = { name: name.trim(), reason: reason.trim() };
      const place = await api.start({ role: 'customer', ...said, ...(call_id && { call_id }) });
      await seat.take(place.call_id, name.trim(), reason.trim());
    },
    onError: () => audio.stop(),
  });

  return (
    <section className="visit__card">
      <TabTitle>{customer.title}</TabTitle> <h1>{customer.title}</h1>
      <p className="visit__intro">{customer.intro}</p>
      <Form onSend={call.mutate}>
        <label className="au-label">
          {customer.name}
          <input
            className="au-field"
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={customer.namePlaceholder}
            autoComplete="name"
            maxLength={200}
            required
          />
        </label>
        <label className="au-label">
          <span>
            {customer.reason} <span className="visit__optional">({customer.optional})</span>
          </span>
          <textarea
            className="au-field"
            rows={3}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder={customer.reasonPlaceholder}
            maxLength={500}
          />
        </label>
        {call.isError && <Failure error={call.error} />}
        <Button
          type="submit"
          look="primary"
          size="large"
          disabled={call.isPending}
          icon={<Phone size={20} />}
        >
          {customer.call}
        </Button>
        <p className="visit__hint">{customer.hint}</p>
      </Form>
    </section>
  );
}
