/** The peaks of a recording, as the bars of a drawing. */

type Scale = Readonly<{ peakMs: number; lengthMs: number; parts: number }>;

const LOUDEST = 255;

/**
 * The largest peak in each of so many equal parts, 0..1. Ears hear in ratios: by the square
 * root a quiet voice is still seen beside a loud one.
 */
export function waveform(peaks: readonly number[], { peakMs, lengthMs, parts }: Scale): number[] {
  const bars = new Array<number>(parts).fill(0);
  const each = Math.max(1, lengthMs) / parts;
  peaks.forEach((peak, n) => {
    const share = Math.sqrt(peak / LOUDEST);
    const last = Math.min(parts - 1, Math.ceil(((n + 1) * peakMs) / each) - 1);
    for (let part = Math.floor((n * peakMs) / each); part <= last; part++) {
      bars[part] = Math.max(bars[part] ?? 0, share);
    }
  });
  return bars;
}
