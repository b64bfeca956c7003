/** Sound that arrives unevenly, handed out evenly. 16 kHz, counted in samples. */

import { FRAME_SAMPLES, RATE } from '../wire/frame';

const ms = (milliseconds: number) => (milliseconds * RATE) / 1000;

/** Kept in hand at first: three frames, little enough that people do not interrupt. */
const LEAST_MS = 60;
const MOST = ms(200);

/** More than this above what is kept in hand is delay that nobody needs. */
const SLACK = ms(100);

/** Without a break for so long, a frame less is kept in hand. */
const CALM = ms(10_000);

export class JitterBuffer {
  #waiting: Float32Array[] = [];
  #buffered = 0;
  #target: number;
  #filling = true;
  #calm = 0;
  readonly #least: number;
  /** Times that it ran dry in mid speech, and samples skipped to catch up. */
  breaks = 0;
  skipped = 0;

  /** `leastMs`: at least so much is kept in hand, for whoever sends long frames. */
  constructor(leastMs = LEAST_MS) {
    this.#least = ms(leastMs);
    this.#target = this.#least;
  }

  get bufferedMs(): number {
    return (this.#buffered * 1000) / RATE;
  }

  get targetMs(): number {
    return (this.#target * 1000) / RATE;
  }

  push(pcm: Int16Array): void {
    this.#waiting.push(Float32Array.from(pcm, (sample) => sample / 32768));
    this.#buffered += pcm.length;
    if (this.#buffered > this.#target + SLACK) {
      this.skipped += this.#buffered - this.#target;
      this.#take(this.#buffered - this.#target);
    }
  }

  /** Always `count` samples: silence where there is nothing. */
  pull(count: number): Float32Array {
    if (this.#filling && this.#buffered < this.#target) return new Float32Array(count);
    this.#filling = false;
    const taken = this.#take(count);
    if (taken.length === count) {
      this.#relax(count);
      return taken;
    }
    this.#filling = true;
    this.#calm = 0;
    this.breaks += 1;
    this.#target = Math.min(MOST, this.#target + FRAME_SAMPLES);
    const padded = new Float32Array(count);
    padded.set(taken);
    return padded;
  }

  #relax(count: number): void {
    this.#calm += count;
    if (this.#calm < CALM) return;
    this.#calm = 0;
    this.#target = Math.max(this.#least, this.#target - FRAME_SAMPLES);
  }

  #take(count: number): Float32Array {
    const taken = new Float32Array(Math.min(count, this.#buffered));
    let filled = 0;
    while (filled < taken.length) {
      const first = this.#waiting.shift() ?? new Float32Array(0);
      const part = first.subarray(0, taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length < first.length) this.#waiting.unshift(first.subarray(part.length));
    }
    this.#buffered -= filled;
    return taken;
  }
}
