/** One measure over time and over the time before: a picture, and the table behind it. */

import 'uplot/dist/uPlot.min.css';
import { localeOf, type MeasureInfo } from '@agent/ui';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { usePreferences } from '../session/preferences';
import { useAppTexts } from '../texts/Texts';
import type { Grain } from './period';
import { worded } from './worded';

export type Point = Readonly<{
  start: string;
  now: number | null;
  before: number | null;
  n: number;
}>;

type Props = Readonly<{
  title: string;
  unit: MeasureInfo['unit'];
  grain: Grain;
  points: readonly Point[];
}>;

const HEIGHT = 260;

export function Chart({ title, unit, grain, points }: Props) {
  const { trends } = useAppTexts();
  const { language, theme } = usePreferences();
  const locale = localeOf(language);
  const dark = useIsDark();
  const host = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme, other colours
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const chart = new uPlot(
      options({ element, unit, grain, points, locale, onPoint: setAt }),
      [points.map((_, n) => n), points.map(({ before }) => before), points.map(({ now }) => now)],
      element,
    );
    const watch = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [unit, grain, points, locale, theme, dark]);
  const pointed = at === null ? undefined : points[at];
  const said = (value: number | null) =>
    value === null ? trends.nothing : worded(value, unit, locale);
  return (
    <figure className="chart">
      <figcaption className="chart__legend">
        <span className="chart__now">{trends.now}</span>
        <span className="chart__before">{trends.before}</span>
        <span className="chart__at" aria-hidden="true">
          {pointed &&
            `${startOf(pointed.start, grain, locale)}: ${said(pointed.now)} (${said(pointed.before)})`}
        </span>
      </figcaption>
      <div ref={host} className="chart__host" role="img" aria-label={trends.chart(title)} />
    </figure>
  );
}

export function startOf(start: string, grain: Grain, locale: string): string {
  const moment = new Date(start);
  return grain === 'day'
    ? moment.toLocaleDateString(locale, { day: 'numeric', month: 'short' })
    : moment.toLocaleString(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
}

function useIsDark(): boolean {
  const query = '(prefers-color-scheme: dark)';
  const [dark, setDark] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const change = () => setDark(media.matches);
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, []);
  return dark;
}

type Wish = Omit<Props, 'title'> &
  Readonly<{ element: HTMLElement; locale: string; onPoint: (at: number | null) => void }>;

function options({ element, unit, grain, points, locale, onPoint }: Wish): uPlot.Options {
  // The style sheet says the colours; a canvas wants them computed.
  const style = getComputedStyle(element);
  const [now, before] = [style.color, style.caretColor];
  const [text, line] = [style.outlineColor, style.borderTopColor];
  const font = `12px ${style.fontFamily}`;
  const bars = unit === 'count' ? uPlot.paths.bars?.({ size: [0.7, 48] }) : undefined;
  const axis = { stroke: text, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    scales: {
      x: { time: false, range: (_, low, high) => [low - 0.5, high + 0.5] },
      y: { range: (_, low, high) => reach(low, high) },
    },
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 56, 84, 168, 364],
        space: 70,
        values: (_, places) =>
          places.map((n) => {
            const point = points[n];
            return point === undefined ? '' : startOf(point.start, grain, locale);
          }),
      },
      {
        ...axis,
        size: 64,
        values: (_, values) => values.map((value) => worded(value, unit, locale)),
      },
    ],
    series: [
      {},
      { stroke: before, width: 1.5, dash: [4, 4], points: { show: points.length < 40 } },
      { stroke: now, width: 2, ...(bars && { paths: bars, fill: now }) },
    ],
  };
}

/** From nothing, so that a small change looks like one; below it where values are. */
function reach(low: number | null, high: number | null): [number, number] {
  const [least, most] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)];
  return least === most ? [0, 1] : [least * 1.1, most * 1.1];
}
