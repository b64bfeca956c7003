/** A call on the screen of somebody who is not in it: what is said, and what the agent sees. */

import {
  type Call,
  ChecklistCard,
  CustomerFacts,
  currentAdvice,
  SentimentTrend,
  saidIn,
  TranscriptView,
} from '@agent/ui';
import { type ComponentProps, type ReactNode, useMemo, useState } from 'react';
import { useAppTexts } from '../texts/Texts';
import { AdviceThen } from './AdviceThen';

type Props = Readonly<{
  call: Call;
  customer: string;
  agent: string;
  onPick?: ComponentProps<typeof TranscriptView>['onPick'];
  /** What else is known of the call, below the rest. */
  children?: ReactNode;
}>;

export function Screening({ call, customer, agent, onPick, children }: Props) {
  const [shown, setShown] = useState<Readonly<{ line: string }> | null>(null);
  const names = useMemo(() => ({ customer, agent }), [customer, agent]);
  const { mood, checklist } = call;
  return (
    <div className="screening">
      <section className="au-card screening__words">
        <TranscriptView
          lines={call.lines}
          viewer={null}
          names={names}
          readings={mood.readings}
          shown={shown}
          {...(onPick && { onPick })}
        />
      </section>
      <aside className="screening__side">
        <SentimentTrend mood={mood} lines={call.lines} onShow={(line) => setShown({ line })} />
        <Advised call={call} />
        {checklist !== null && checklist.items.length > 0 && (
          <ChecklistCard checklist={checklist} onShow={(line) => setShown({ line })} />
        )}
        {call.customer?.card && (
          <section className="au-card">
            <CustomerFacts card={call.customer.card} />
          </section>
        )}
        {children}
      </aside>
    </div>
  );
}

function Advised({ call }: Readonly<{ call: Call }>) {
  const { replay } = useAppTexts();
  const advice = currentAdvice(call);
  return advice === null ? (
    <p className="au-card au-empty">{replay.noAdvice}</p>
  ) : (
    <AdviceThen advice={advice} trigger={saidIn(call, advice.trigger)} />
  );
}
