/** After a call: how it came out, in the agent's words. */

import { Button, callFromRecord, type LiveCall, TranscriptView } from '@agent/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { agent, type Unfinished } from '../session/agent';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{ unfinished: Unfinished; live: LiveCall | null }>;

export function WrapUp({ unfinished, live }: Props) {
  const { wrapUp, call: texts } = useAppTexts();
  const [outcome, setOutcome] = useState('resolved');
  const [summary, setSummary] = useState('');
  const save = useMutation({
    mutationFn: () => api.wrapUp(unfinished.callId, { outcome, summary: summary.trim() }),
    onSuccess: () => agent.finish(),
  });
  // After a reload the words are no longer here; the record has them.
  const recalled = useQuery({
    queryKey: ['recall', unfinished.callId],
    queryFn: async () => callFromRecord(await api.session(unfinished.callId, false), 'agent'),
    enabled: live === null,
  });
  const call = live?.snapshot().call ?? recalled.data;
  const names = useMemo(() => ({ customer: unfinished.customer }), [unfinished.customer]);
  return (
    <div className="wrap-up">
      <TabTitle>{wrapUp.title}</TabTitle>{' '}
      <form
        className="au-card form wrap-up__form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <ArrivalHeading>{wrapUp.title}</ArrivalHeading>
        <p className="au-empty">
          {unfinished.interrupted ? texts.interrupted : wrapUp.intro(unfinished.customer)}
        </p>
        <fieldset className="choices">
          <legend>{wrapUp.outcome}</legend>
          {Object.entries(wrapUp.outcomes).map(([value, name]) => (
            <label key={value} className="choice">
              <input
                type="radio"
                name="outcome"
                value={value}
                checked={outcome === value}
                onChange={() => setOutcome(value)}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <label className="au-label">
          {wrapUp.summary}
          <textarea
            className="au-field"
            rows={6}
            value={summary}
            onChange={(event) => setSummary(event.target.value)}
            placeholder={wrapUp.summaryHint}
            maxLength={4000}
          />
        </label>
        {save.isError && <Failure error={save.error} />}
        <div className="dialog__do">
          <Button look="quiet" onClick={() => agent.finish()}>
            {wrapUp.later}
          </Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {wrapUp.save}
          </Button>
        </div>
      </form>
      <section className="au-card wrap-up__words">
        <TranscriptView lines={call?.lines ?? []} viewer="agent" names={names} />
      </section>
    </div>
  );
}
