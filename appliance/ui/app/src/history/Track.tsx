/** The length of a call at a glance: who spoke when, holds, and what was not read or kept. */

import type { Kept, KeptLeg } from '@agent/ui';
import { useMemo } from 'react';
import type { Film } from './replay';
import { waveform } from './waveform';

const BARS = 160;
/** A waveform has more to show than who spoke. */
const WAVES = 480;
const LANE = 20;

type Props = Readonly<{ film: Film; lengthMs: number; atMs: number; kept: Kept | null }>;

export function Track({ film, lengthMs, atMs, kept }: Props) {
  const bars = kept === null ? BARS : WAVES;
  const { agent, customer, stretches } = useMemo(() => {
    const lane = (role: KeptLeg['role']) =>
      kept === null
        ? film.voice(role, bars, lengthMs)
        : waveform(kept.legs.find((leg) => leg.role === role)?.peaks ?? [], {
            peakMs: kept.peak_ms,
            lengthMs,
            parts: bars,
          });
    return { agent: lane('agent'), customer: lane('customer'), stretches: film.stretches() };
  }, [film, kept, bars, lengthMs]);
  const x = (ms: number) => (lengthMs === 0 ? 0 : (ms / lengthMs) * bars);
  return (
    <svg
      className="track"
      viewBox={`0 0 ${bars} ${2 * LANE}`}
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
      {kept?.legs.map((leg) => (
        <Spans key={leg.role} leg={leg} x={x} />
      ))}
      <Lane shares={agent} who="agent" done={x(atMs)} up />
      <Lane shares={customer} who="customer" done={x(atMs)} />
    </svg>
  );
}

/** What of one person is silence, and not because they were silent. */
function Spans({ leg, x }: Readonly<{ leg: KeptLeg; x: (ms: number) => number }>) {
  return leg.spans.map(({ kind, start_ms, end_ms }) => (
    <rect
      key={`${kind}-${start_ms}`}
      className={`track__stretch track__stretch--${kind}`}
      x={x(start_ms)}
      width={Math.max(0.3, x(end_ms) - x(start_ms))}
      y={leg.role === 'agent' ? 0 : LANE}
      height={LANE}
    />
  ));
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
