/** How the call came out: the site's list, and which of it the model suggests. */

import { useAppTexts } from '../texts/Texts';
import { SURE } from './draft';
import type { DraftDesk } from './useDraft';

type Props = Readonly<{ desk: DraftDesk; outcome: string }>;

export function Outcomes({ desk: { dispositions, summary, choose }, outcome }: Props) {
  const { wrapUp } = useAppTexts();
  const names: Readonly<Record<string, string>> = wrapUp.outcomes;
  const known = dispositions.length > 0 ? dispositions : Object.keys(names);
  // One that the page has set, and that is not in the site's list.
  const choices = outcome === '' || known.includes(outcome) ? known : [...known, outcome];
  const sure = summary?.is_final && summary.disposition_confidence >= SURE;
  const suggested = sure ? summary.disposition : '';
  return (
    <fieldset className="choices">
      <legend>{wrapUp.outcome}</legend>
      {choices.map((value) => (
        <label key={value} className="choice">
          <input
            type="radio"
            name="outcome"
            value={value}
            required
            checked={outcome === value}
            onChange={() => choose(value)}
          />
          {names[value] ?? value}
          {value === suggested && <span className="au-badge">{wrapUp.suggested}</span>}
        </label>
      ))}
    </fieldset>
  );
}
