/** How long to wait before the next try to reach the box. */

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * Doubling, with up to half taken off at random: after a restart of the box a hundred
 * pages must not knock in the same millisecond.
 */
export function retryMs(tries: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.round(full * (1 - random / 2));
}
