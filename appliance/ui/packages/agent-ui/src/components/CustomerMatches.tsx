/** Customers it could be, and why. */

import { useTexts } from '../texts/Texts';
import type { CustomerCandidate } from '../wire/types';

type Props = Readonly<{
  title: string;
  matches: readonly CustomerCandidate[];
  onChoose?: (id: string) => void;
}>;

export function CustomerMatches({ title, matches, onChoose }: Props) {
  return (
    <>
      {title !== '' && <h3 className="au-card__title">{title}</h3>}
      <ul className="au-customer__list">
        {matches.map((match) => (
          <li key={match.id}>
            <Match match={match} {...(onChoose && { onChoose })} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Match({
  match,
  onChoose,
}: Readonly<{ match: CustomerCandidate; onChoose?: (id: string) => void }>) {
  const { known: texts } = useTexts();
  const why = texts.why[match.matched] + (match.exact ? '' : ` (${texts.nearly})`);
  const words = (
    <>
      <strong dir="auto">{match.name}</strong>
      <span>
        {why}: <bdi>{match.value}</bdi> · <bdi>{match.id}</bdi>
      </span>
    </>
  );
  if (onChoose === undefined) return <span className="au-match">{words}</span>;
  return (
    <button
      type="button"
      className="au-match au-match--button au-focus"
      onClick={() => onChoose(match.id)}
    >
      <span className="au-visually-hidden">{texts.choose(match.name)}: </span>
      {words}
    </button>
  );
}
