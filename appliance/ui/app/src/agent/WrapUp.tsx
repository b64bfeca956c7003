/** After a call: how it came out, in the agent's words. */

import { Button, callFromRecord, type LiveCall, TranscriptView } from '@agent/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { agent, type Unfinished } from '../session/agent';
import { api } from '../session/api';
import { useEnding } from '../session/useEnding';
import { Failure } from '../shell/Broken';
import { Form } from '../shell/Form';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { Undelivered } from '../shell/Undelivered';
import { useAppTexts } from '../texts/Texts';
import { DraftNotes } from './DraftNotes';
import { Outcomes } from './Outcomes';
import { useDraft } from './useDraft';

type Props = Readonly<{ unfinished: Unfinished; live: LiveCall | null }>;

export function WrapUp({ unfinished, live }: Props) {
  const { wrapUp } = useAppTexts();
  const ending = useEnding(unfinished.callId);
  const isCut = ending === 'timeout' || ending === 'interrupted';
  // A call that was cut off is not resolved; of any other, only the agent knows. A choice
  // made for them would be what most reports say.
  const desk = useDraft(unfinished.callId);
  const outcome = desk.outcome ?? (isCut ? 'follow_up' : '');
  const [shown, setShown] = useState<Readonly<{ line: string }> | null>(null);
  const finish = () => {
    desk.done();
    agent.finish();
  };
  const save = useMutation({
    mutationFn: () =>
      api.wrapUp(unfinished.callId, {
        outcome,
        summary: desk.text.trim(),
        draft: desk.summary?.id ?? '',
        drafted: desk.draft,
      }),
    onSuccess: finish,
  });
  const { lines, customer } = useWords({ unfinished, live });
  const people = useMemo(() => ({ customer }), [customer]);
  return (
    <div className="wrap-up">
      <TabTitle>{wrapUp.title}</TabTitle>{' '}
      <Form className="au-card wrap-up__form" onSend={save.mutate}>
        <ArrivalHeading>{wrapUp.title}</ArrivalHeading>
        <p className="au-empty">{wrapUp.intro(customer)}</p>
        {isCut && (
          <p className="notice" role="status">
            <TriangleAlert size={18} aria-hidden="true" />
            {wrapUp.endings[ending]}
          </p>
        )}
        <Undelivered label={wrapUp.undelivered} lines={unfinished.undelivered} />
        <Outcomes desk={desk} outcome={outcome} />
        <label className="au-label">
          {wrapUp.summary}
          <textarea
            className="au-field"
            rows={9}
            dir="auto"
            value={desk.text}
            onChange={(event) => desk.write(event.target.value)}
            placeholder={wrapUp.summaryHint}
            maxLength={4000}
          />
        </label>
        <DraftNotes desk={desk} onShow={(line) => setShown({ line })} />
        {desk.error !== null && <Failure error={desk.error} />}
        {save.isError && <Failure error={save.error} />}
        <div className="dialog__do">
          <Button look="quiet" onClick={finish}>
            {wrapUp.later}
          </Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {wrapUp.save} <kbd className="au-key">Ctrl Enter</kbd>
          </Button>
        </div>
      </Form>
      <section className="au-card wrap-up__words">
        <TranscriptView lines={lines} viewer="agent" names={people} shown={shown} />
      </section>
    </div>
  );
}

/** What was said and with whom. After a reload this page has forgotten; the record has not. */
function useWords({ unfinished, live }: Props) {
  const recalled = useQuery({
    queryKey: ['recall', unfinished.callId],
    queryFn: async () => callFromRecord(await api.session(unfinished.callId, false), 'agent'),
    enabled: live === null,
  });
  const call = live?.snapshot().call ?? recalled.data;
  return { lines: call?.lines ?? [], customer: unfinished.customer || call?.partner.name || '' };
}
