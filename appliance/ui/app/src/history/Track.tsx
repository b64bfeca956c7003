/** The length of a call at a glance: who spoke when, holds, and what was not read. */

import { useMemo } from 'react';
import type { Film } from './replay';

const BARS = 160;
const LANE = 20;

type Props = Readonly<{ film: Film; atMs: number }>;

export function Track({ film, atMs }: Props) {
  const { agent, customer, stretches } = useMemo(
    () => ({
      agent: film.voice('agent', BARS),
      customer: film.voice('customer', BARS),
      stretches: film.stretches(),
    }),
    [film],
  );
  const x = (ms: number) => (film.durationMs === 0 ? 0 : (ms / film.durationMs) * BARS);
  return (
    <svg
      className="track"
      viewBox={`0 0 ${BARS} ${2 * LANE}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {stretches.map(({ kind, from, to }) => (
        <rect
          key={`${kind}-${from}`}
          className={`track__stretch track__stretch--${kind}`}
          x={x(from)}
          width={Math.max(0.3, x(to) - x(from))}
          height={2 * LANE}
        />
      ))}
      <Lane shares={agent} who="agent" done={x(atMs)} up />
      <Lane shares={customer} who="customer" done={x(atMs)} />
    </svg>
  );
}

type LaneProps = Readonly<{ shares: readonly number[]; who: string; done: number; up?: boolean }>;

function Lane({ shares, who, done, up = false }: LaneProps) {
  return shares.map((share, n) => {
    const height = Math.max(0.7, share * (LANE - 2));
    return (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
        key={n}
        className={n <= done ? `track__bar track__bar--${who}` : 'track__bar'}
        x={n + 0.15}
        width={0.7}
        y={up ? LANE - height : LANE}
        height={height}
      />
    );
  });
}
