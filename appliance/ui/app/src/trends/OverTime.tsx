/** One measure over the period, drawn and as a table. */

import { localeOf, type MeasureInfo } from '@agent/ui';
import { Link } from 'react-router';
import { usePreferences } from '../session/preferences';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { Chart, type Point, startOf } from './Chart';
import { type Grain, grainOf, type Period } from './period';
import { useMeasureTexts } from './useMeasureTexts';
import { historyOf, type Look, type Looked, pointsOf, useFigures } from './useTrends';
import { worded } from './worded';

type Props = Readonly<{
  looked: Looked;
  onLook: Look;
  measures: readonly MeasureInfo[];
  period: Period;
  earlier: Period;
}>;

export function OverTime({ looked, onLook, measures, period, earlier }: Props) {
  const { trends } = useAppTexts();
  const told = useMeasureTexts();
  const { scope } = looked;
  const measure = measures.find(({ name }) => name === looked.measure) ?? measures[0];
  const [grain, name] = [grainOf(period), measure?.name ?? ''];
  const now = useFigures({ period, scope, grain, measure: name });
  const past = useFigures({ period: earlier, scope, grain, measure: name });
  if (measure === undefined) return null;
  if (grain === null) return <p className="au-card au-empty">{trends.tooLong}</p>;
  const points = pointsOf(now.data, past.data, name);
  return (
    <section className="au-card over-time">
      <label className="filters__one">
        {trends.measure}
        <select
          className="au-field"
          value={measure.name}
          onChange={(event) => onLook({ measure: event.target.value })}
        >
          {measures.map((one) => (
            <option key={one.name} value={one.name}>
              {told(one).title}
            </option>
          ))}
        </select>
      </label>
      {points.length > 0 && (
        <>
          <Chart title={told(measure).title} unit={measure.unit} grain={grain} points={points} />
          <details className="over-time__table">
            <summary>{trends.table}</summary>
            <Points
              looked={looked}
              measure={measure}
              grain={grain}
              points={points}
              end={period.to}
            />
          </details>
        </>
      )}
    </section>
  );
}

type PointsProps = Readonly<{
  looked: Looked;
  measure: MeasureInfo;
  grain: Grain;
  points: readonly Point[];
  end: Date;
}>;

function Points({ looked, measure, grain, points, end }: PointsProps) {
  const { trends } = useAppTexts();
  const { language } = usePreferences();
  const { title, counted } = useMeasureTexts()(measure);
  const { sessions } = measure;
  const partAt = (n: number): Period => ({
    from: new Date(points[n]?.start ?? end),
    to: new Date(points[n + 1]?.start ?? end),
  });
  const locale = localeOf(language);
  const said = (value: number | null) =>
    value === null ? trends.nothing : worded(value, measure.unit, locale);
  return (
    <Table
      label={title}
      columns={[
        { name: trends.start },
        { name: trends.now, number: true },
        { name: trends.before, number: true },
        { name: counted, number: true, extra: true },
      ]}
    >
      <tbody>
        {points.map(({ start, now, before, n }, at) => (
          <tr key={start}>
            <td>{startOf(start, grain, locale)}</td>
            <td className={cellOf({ number: true })}>
              {now === null || sessions === null ? (
                said(now)
              ) : (
                <Link
                  className="link"
                  to={historyOf(looked.scope, { sessions, title }, partAt(at))}
                >
                  {said(now)}
                </Link>
              )}
            </td>
            <td className={cellOf({ number: true })}>{said(before)}</td>
            <td className={cellOf({ number: true, extra: true })}>
              {n.toLocaleString(locale, { maximumFractionDigits: 1 })}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
