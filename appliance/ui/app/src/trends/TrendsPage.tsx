/** How things have gone, over any period, against the one before. */

import { Button, localeOf, type MeasureInfo, type Metrics } from '@agent/ui';
import { Printer } from 'lucide-react';
import { useMemo } from 'react';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { TabTitle } from '../shell/Title';
import { useNow } from '../shell/useNow';
import { useAppTexts } from '../texts/Texts';
import { Compared } from './Compared';
import { FigureTiles } from './FigureTiles';
import { Looking } from './Looking';
import { OverTime } from './OverTime';
import type { Period } from './period';
import { Save } from './Save';
import { useMeasureTexts } from './useMeasureTexts';
import {
  figuresOf,
  historyOf,
  type Look,
  type Looked,
  questionOf,
  useFigures,
  useLooked,
  usePeriods,
} from './useTrends';
import { Views } from './Views';

export function TrendsPage() {
  const { trends } = useAppTexts();
  const [looked, look] = useLooked();
  const periods = usePeriods(looked, useNow());
  return (
    <div className="page page--wide trends">
      <TabTitle>{trends.title}</TabTitle>{' '}
      <div className="page__head">
        <h1>{trends.title}</h1>
        <Views />
      </div>
      <Looking looked={looked} onLook={look} />
      {periods === null ? (
        <p className="au-card au-empty">{trends.noPeriod}</p>
      ) : (
        <Found looked={looked} onLook={look} period={periods[0]} earlier={periods[1]} />
      )}
    </div>
  );
}

type Props = Readonly<{
  looked: Looked;
  onLook: Look;
  period: Period;
  earlier: Period;
}>;

function Found({ looked, onLook, period, earlier }: Props) {
  const { trends } = useAppTexts();
  const { scope } = looked;
  const now = useFigures({ period, scope });
  const past = useFigures({ period: earlier, scope });
  const measures = useMemo(() => shownOf(now.data), [now.data]);
  const told = useMeasureTexts();
  const callsOf = (one: MeasureInfo) =>
    one.sessions === null
      ? null
      : historyOf(scope, { sessions: one.sessions, title: told(one).title }, period);
  if (now.isError) return <Failure error={now.error} onRetry={() => now.refetch()} />;
  if (now.data === undefined) return null;
  return (
    <>
      <div className="page__head">
        <Against earlier={earlier} />
        <div className="page__aside print-never">
          <Save what="figures" query={questionOf({ period, scope, grain: null }).toString()} />
          <Button icon={<Printer size={18} />} onClick={() => print()}>
            {trends.print}
          </Button>
        </div>
      </div>
      {measures.length === 0 && <p className="au-card au-empty">{trends.none}</p>}
      {measures.length > 0 && (
        <OverTime
          looked={looked}
          onLook={onLook}
          measures={measures}
          period={period}
          earlier={earlier}
        />
      )}
      <FigureTiles
        measures={measures}
        now={figuresOf(now.data)}
        before={figuresOf(past.data)}
        callsOf={callsOf}
      />
      <Compared looked={looked} onLook={onLook} period={period} />
    </>
  );
}

function Against({ earlier }: Readonly<{ earlier: Period }>) {
  const { trends } = useAppTexts();
  const { language } = usePreferences();
  const day = (moment: Date) =>
    moment.toLocaleDateString(localeOf(language), { dateStyle: 'medium' });
  const last = new Date(earlier.to.getTime() - 1);
  return <p className="au-empty">{trends.compared(day(earlier.from), day(last))}</p>;
}

/** What can be known here, and was. */
function shownOf(metrics: Metrics | undefined): readonly MeasureInfo[] {
  const figures = figuresOf(metrics);
  return (metrics?.measures ?? []).filter(
    ({ name, hidden }) => hidden === '' && typeof figures[name]?.value === 'number',
  );
}
