/** What is kept of the sound of a call, and whether it is what was said. */

import { type LegHealth, type RecordingDetail, useTexts } from '@agent/ui';
import { Download } from 'lucide-react';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{ detail: RecordingDetail; failed: boolean }>;

export function RecordingCard({ detail, failed }: Props) {
  const { recording: texts } = useAppTexts();
  const { state, audio, health } = detail;
  const faults = (health?.legs ?? []).filter((leg) => leg.faults.length > 0);
  return (
    <section className="au-card">
      <h2 className="au-card__title">{texts.title}</h2>
      {state !== 'kept' && <p className="au-empty">{texts.states[state]}</p>}
      {failed && <p className="notice">{texts.unplayable}</p>}
      {health !== null && (
        <span className={`au-badge au-badge--${health.verdict === 'ok' ? 'good' : 'warn'}`}>
          {texts.verdicts[health.verdict]}
        </span>
      )}
      {faults.length > 0 && (
        <ul className="recording__faults">
          {faults.flatMap((leg) =>
            leg.faults.map((fault) => <Fault key={leg.role + fault} leg={leg} fault={fault} />),
          )}
        </ul>
      )}
      {audio !== '' && (
        <a className="link recording__save" href={`${audio}?download=1`} download>
          <Download size={16} aria-hidden="true" />
          {texts.save}
        </a>
      )}
    </section>
  );
}

function Fault({ leg, fault }: Readonly<{ leg: LegHealth; fault: LegHealth['faults'][number] }>) {
  const { recording: texts } = useAppTexts();
  const people = useTexts();
  const seconds = [leg.recorded_s, leg.expected_s].map((s) => s.toFixed(0)) as [string, string];
  return <li>{texts.faults[fault](people[leg.role], ...seconds)}</li>;
}
