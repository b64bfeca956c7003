/** The figures of a period, each with its formula, its change and the calls behind it. */

import { type Figure, localeOf, type MeasureInfo } from '@agent/ui';
import { Minus, TrendingDown, TrendingUp } from 'lucide-react';
import { Link } from 'react-router';
import { Tile } from '../floor/Tile';
import { usePreferences } from '../session/preferences';
import { useAppTexts } from '../texts/Texts';
import { useMeasureTexts } from './useMeasureTexts';
import { type Change, changeOf, worded } from './worded';

type Figures = Readonly<Record<string, Figure>>;

type Props = Readonly<{
  measures: readonly MeasureInfo[];
  now: Figures;
  before: Figures;
  /** The address of the calls behind a figure. */
  callsOf: (measure: MeasureInfo) => string | null;
}>;

export function FigureTiles({ measures, now, before, callsOf }: Props) {
  const { trends } = useAppTexts();
  const known = measures.filter(({ name }) => typeof now[name]?.value === 'number');
  const groups = [...new Set(known.map(({ group }) => group))];
  return groups.map((group) => (
    <section key={group} className="figures">
      <h2>{trends.groups[group] ?? group}</h2>
      <div className="tiles">
        {known
          .filter((measure) => measure.group === group)
          .map((measure) => (
            <FigureTile
              key={measure.name}
              measure={measure}
              now={now[measure.name]}
              change={changeOf(now[measure.name], before[measure.name], measure)}
              calls={callsOf(measure)}
            />
          ))}
      </div>
    </section>
  ));
}

type TileProps = Readonly<{
  measure: MeasureInfo;
  now: Figure | undefined;
  change: Change | null;
  calls: string | null;
}>;

function FigureTile({ measure, now, change, calls }: TileProps) {
  const { trends } = useAppTexts();
  const { language } = usePreferences();
  const { title, formula, counted } = useMeasureTexts()(measure);
  const locale = localeOf(language);
  if (typeof now?.value !== 'number') return null;
  const value = worded(now.value, measure.unit, locale);
  const n = now.n.toLocaleString(locale, { maximumFractionDigits: 1 });
  const parts = [`${formula}.`, trends.n(n, counted), trends.source(measure.source)];
  if (now.provisional) parts.push(trends.provisional);
  return (
    <Tile
      name={title}
      how={parts.join(' ')}
      note={
        <>
          {change !== null && <Changed change={change} locale={locale} />}
          {now.provisional && <span> {trends.soFar}</span>}
        </>
      }
    >
      {calls === null ? (
        value
      ) : (
        <Link className="link tile__link" to={calls} aria-label={trends.callsBehind(title, value)}>
          {value}
        </Link>
      )}
    </Tile>
  );
}

function Changed({ change, locale }: Readonly<{ change: Change; locale: string }>) {
  const { trends } = useAppTexts();
  const { way, good, by, points } = change;
  const Arrow = way === 0 ? Minus : way > 0 ? TrendingUp : TrendingDown;
  const size = Math.abs(by).toLocaleString(locale, { maximumFractionDigits: 1 });
  const look = good === null ? '' : good ? 'change--good' : 'change--bad';
  return (
    <span className={`change ${look}`}>
      <Arrow size={16} aria-hidden="true" />
      {trends.changed(way, points ? trends.points(size) : `${size} %`)}
    </span>
  );
}
