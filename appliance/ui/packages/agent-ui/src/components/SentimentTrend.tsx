import { Frown, Meh, Minus, Smile, TrendingDown, TrendingUp } from 'lucide-react';
import type { Line, Mood, MoodReading } from '../call/state';
import { useTexts } from '../texts/Texts';
import { MoodLines } from './MoodLines';

type Props = Readonly<{
  mood: Mood;
  lines: readonly Line[];
  onShow: (line: string) => void;
}>;

const HEIGHT = 40;
const WIDTH = 200;
const DOT = 3;
const QUOTES = 3;

const FACES = { negative: Frown, neutral: Meh, positive: Smile };
const ARROWS = { up: TrendingUp, flat: Minus, down: TrendingDown };
const WORDS = { up: 'better', flat: 'steady', down: 'worse' } as const;

/** How the customer's words read: a word and an arrow, for a number would say too much. */
export function SentimentTrend({ mood, lines, onShow }: Props) {
  const texts = useTexts().mood;
  const last = mood.readings.at(-1);
  return (
    <section className="au-card au-mood" aria-label={texts.label}>
      <h2 className="au-card__title" title={texts.about}>
        {texts.label}
      </h2>
      {last === undefined ? (
        <p className="au-empty">{texts.empty}</p>
      ) : (
        <>
          <Now label={last.label} trend={mood.trend} />
          <Chart readings={mood.readings} label={texts.chart(mood.readings.length)} />
          <section aria-label={texts.marked}>
            <MoodLines ids={marked(mood.readings)} lines={lines} onShow={onShow} />
          </section>
        </>
      )}
    </section>
  );
}

/** The lines a reader would ask about, newest first. */
function marked(readings: readonly MoodReading[]): string[] {
  return readings
    .filter(({ label }) => label !== 'neutral')
    .slice(-QUOTES)
    .map(({ line }) => line)
    .reverse();
}

function Now({ label, trend }: Readonly<{ label: MoodReading['label']; trend: Mood['trend'] }>) {
  const { mood } = useTexts();
  const [Face, Arrow] = [FACES[label], ARROWS[trend]];
  return (
    <p className="au-mood__now">
      <Face className={`au-line__mood--${label}`} size={20} aria-hidden="true" />
      {mood.labels[label]}
      <span className="au-mood__trend">
        <Arrow size={16} aria-hidden="true" />
        {mood[WORDS[trend]]}
      </span>
    </p>
  );
}

function Chart({ readings, label }: Readonly<{ readings: readonly MoodReading[]; label: string }>) {
  const step = WIDTH / Math.max(1, readings.length - 1);
  const y = (score: number) => ((1 - Math.max(-1, Math.min(1, score))) / 2) * HEIGHT;
  const points = readings.map((reading, n) => ({ ...reading, x: n * step, y: y(reading.score) }));
  return (
    <svg
      className="au-mood__chart"
      viewBox={`${-DOT} ${-DOT} ${WIDTH + 2 * DOT} ${HEIGHT + 2 * DOT}`}
      role="img"
      aria-label={label}
    >
      <line className="au-mood__zero" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <polyline
        className="au-mood__line"
        points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
      />
      {points.map(({ line, label, x, y }) => (
        <circle key={line} className={`au-mood__dot--${label}`} cx={x} cy={y} r={DOT} />
      ))}
    </svg>
  );
}
