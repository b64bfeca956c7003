import { TriangleAlert } from 'lucide-react';
import { useTexts } from '../texts/Texts';

/** One reading of the customer's words: -1 unhappy to 1 happy. Words only, never a voice. */
export type Mood = Readonly<{ id: string; atMs: number; score: number }>;

const UNHAPPY = -0.25;
const HEIGHT = 40;
const WIDTH = 200;

/** Two of the last three: one sharp word is not a mood. */
export function soundsUnhappy(moods: readonly Mood[]): boolean {
  return moods.slice(-3).filter(({ score }) => score < UNHAPPY).length >= 2;
}

/** The last quarter against what was before, as people read such a line. */
export function trendOf(moods: readonly Mood[]): 'better' | 'worse' | 'steady' {
  if (moods.length < 4) return 'steady';
  const last = Math.max(1, Math.floor(moods.length / 4));
  const change = mean(moods.slice(-last)) - mean(moods.slice(0, -last));
  if (Math.abs(change) < 0.2) return 'steady';
  return change > 0 ? 'better' : 'worse';
}

const mean = (moods: readonly Mood[]) =>
  moods.reduce((sum, { score }) => sum + score, 0) / moods.length;

export function SentimentTrend({ moods }: Readonly<{ moods: readonly Mood[] }>) {
  const { mood } = useTexts();
  return (
    <section className="au-card au-mood" aria-label={mood.label}>
      <h2 className="au-card__title">{mood.label}</h2>
      {moods.length === 0 ? (
        <p className="au-empty">{mood.empty}</p>
      ) : (
        <>
          <Chart moods={moods} label={mood.chart(moods.length)} />
          <span>{mood[trendOf(moods)]}</span>
          {soundsUnhappy(moods) && (
            <p className="au-alert" role="status">
              <TriangleAlert size={18} aria-hidden="true" />
              {mood.alert}
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Chart({ moods, label }: Readonly<{ moods: readonly Mood[]; label: string }>) {
  const step = WIDTH / Math.max(1, moods.length - 1);
  const y = (score: number) => ((1 - Math.max(-1, Math.min(1, score))) / 2) * HEIGHT;
  const points = moods.map(({ score }, n) => `${n * step},${y(score)}`).join(' ');
  return (
    <svg
      className="au-mood__chart"
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line className="au-mood__zero" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <polyline className="au-mood__line" points={points} />
    </svg>
  );
}
