/** Another sample rate for a stream of sound, by windowed sinc. Mono, -1..1. */

/** Zero crossings on each side: 60 dB against aliases, 1 ms of delay at 16 kHz. */
const CROSSINGS = 16;
const STEPS = 256;

/** A little below half the lower rate, where the filter still has to fall. */
const CUTOFF = 0.92;

export class Resampler {
  readonly #step: number;
  readonly #half: number;
  readonly #table: Float32Array;
  #held: Float32Array;
  /** Place of the next output sample in `#held`. */
  #at: number;

  constructor(from: number, to: number) {
    const cutoff = Math.min(1, to / from) * CUTOFF;
    this.#step = from / to;
    this.#half = Math.ceil(CROSSINGS / cutoff);
    this.#table = kernel(this.#half, cutoff);
    this.#held = new Float32Array(this.#half);
    this.#at = this.#half;
  }

  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const room = held.length - this.#half - this.#at;
    const made = new Float32Array(Math.max(0, Math.ceil(room / this.#step)));
    for (let n = 0; n < made.length; n++) {
      made[n] = this.#sample(held, this.#at);
      this.#at += this.#step;
    }
    const spent = Math.max(0, Math.floor(this.#at) - this.#half);
    this.#held = held.slice(spent);
    this.#at -= spent;
    return made;
  }

  #sample(held: Float32Array, at: number): number {
    let sum = 0;
    const last = Math.min(held.length - 1, Math.floor(at + this.#half));
    for (let n = Math.max(0, Math.ceil(at - this.#half)); n <= last; n++) {
      const place = Math.round(Math.abs(n - at) * STEPS);
      sum += (held[n] ?? 0) * (this.#table[place] ?? 0);
    }
    return sum;
  }
}

function kernel(half: number, cutoff: number): Float32Array {
  const table = new Float32Array(half * STEPS + 1);
  for (let n = 0; n < table.length; n++) {
    const t = n / STEPS;
    const x = Math.PI * cutoff * t;
    const sinc = n === 0 ? 1 : Math.sin(x) / x;
    const hann = 0.5 + 0.5 * Math.cos((Math.PI * t) / half);
    table[n] = cutoff * sinc * hann;
  }
  return table;
}
