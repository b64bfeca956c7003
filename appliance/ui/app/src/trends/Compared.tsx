/** The queues, or the agents, side by side; each leads to a look at it alone. */

import { type Group, localeOf, type MeasureInfo } from '@agent/ui';
import { usePreferences } from '../session/preferences';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import type { Period } from './period';
import { useMeasureTexts } from './useMeasureTexts';
import { type Look, type Looked, useFigures } from './useTrends';
import { worded } from './worded';

const SHOWN = {
  queue: ['calls', 'handled', 'service_level', 'asa', 'abandonment', 'aht', 'resolution', 'mood'],
  agent: ['handled', 'aht', 'wrap_up', 'occupancy', 'resolution', 'mood', 'advice_said'],
} as const;

type Props = Readonly<{ looked: Looked; onLook: Look; period: Period }>;

export function Compared({ looked: { compare }, onLook, period }: Props) {
  const { trends } = useAppTexts();
  const found = useFigures({ period, by: compare, measure: SHOWN[compare].join(',') });
  const measures = (found.data?.measures ?? []).filter(({ hidden }) => hidden === '');
  const isCurrent = found.data?.by === compare;
  return (
    <section className="figures">
      <div className="page__head">
        <h2>{trends.by}</h2>
        <select
          className="au-field print-never"
          aria-label={trends.by}
          value={compare}
          onChange={(event) => onLook({ compare: event.target.value })}
        >
          <option value="queue">{trends.byQueue}</option>
          <option value="agent">{trends.byAgent}</option>
        </select>
      </div>
      {isCurrent && (
        <Groups
          by={compare}
          groups={found.data?.groups ?? []}
          measures={measures}
          onLook={onLook}
        />
      )}
    </section>
  );
}

type GroupsProps = Readonly<{
  by: 'agent' | 'queue';
  groups: readonly Group[];
  measures: readonly MeasureInfo[];
  onLook: Look;
}>;

function Groups({ by, groups, measures, onLook }: GroupsProps) {
  const { trends } = useAppTexts();
  const { language } = usePreferences();
  const told = useMeasureTexts();
  const names = { agent: trends.byAgent, queue: trends.byQueue };
  if (groups.length === 0) return <p className="au-card au-empty">{trends.none}</p>;
  return (
    <Table
      label={names[by]}
      columns={[
        { name: names[by] },
        ...measures.map((one, n) => ({ name: told(one).title, number: true, extra: n > 2 })),
      ]}
    >
      <tbody>
        {groups.map(({ id, name, figures }) => (
          <tr key={id}>
            <td dir="auto">
              {id === '' ? (
                trends.unnamed[by]
              ) : (
                <button
                  type="button"
                  className="link link--button"
                  onClick={() => onLook({ scope: { by, id, name: name || id } })}
                >
                  {name || id}
                </button>
              )}
            </td>
            {measures.map((one, n) => (
              <td key={one.name} className={cellOf({ number: true, extra: n > 2 })}>
                {typeof figures[one.name]?.value === 'number'
                  ? worded(figures[one.name]?.value ?? 0, one.unit, localeOf(language))
                  : trends.nothing}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
