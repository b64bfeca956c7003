/** How loud something is, for a meter: 0 silent, 1 as loud as can be. */

/** Quieter than this is silence to a person in a call centre. */
const FLOOR_DB = -60;

/** Meters are read by eye. */
const TELL_EVERY = 4;

export function loudness(pcm: Int16Array): number {
  if (pcm.length === 0) return 0;
  let sum = 0;
  for (const sample of pcm) sum += (sample / 32768) ** 2;
  const db = 10 * Math.log10(sum / pcm.length + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** The level of a stream of frames; tells its listeners twelve times a second. */
export class Level {
  #value = 0;
  #shown = 0;
  #count = 0;
  readonly #listeners = new Set<() => void>();

  readonly read = (): number => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  push(pcm: Int16Array): void {
    // Up at once, down slowly, as an ear does.
    this.#value = Math.max(loudness(pcm), this.#value * 0.85);
    this.#count += 1;
    if (this.#count % TELL_EVERY === 0) this.#show(this.#value);
  }

  reset(): void {
    this.#value = 0;
    this.#show(0);
  }

  #show(value: number): void {
    const rounded = Math.round(value * 50) / 50;
    if (rounded === this.#shown) return;
    this.#shown = rounded;
    for (const tell of this.#listeners) tell();
  }
}
