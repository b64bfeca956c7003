/** Sound of any block size in, whole frames out. */

import { FRAME_SAMPLES } from '../wire/frame';

export class Framer {
  #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  /** Samples from -1 to 1; returns the frames that are full. */
  push(samples: Float32Array): Int16Array<ArrayBuffer>[] {
    const full: Int16Array<ArrayBuffer>[] = [];
    for (const sample of samples) {
      this.#frame[this.#filled] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      this.#filled += 1;
      if (this.#filled === FRAME_SAMPLES) {
        full.push(this.#frame);
        this.#frame = new Int16Array(FRAME_SAMPLES);
        this.#filled = 0;
      }
    }
    return full;
  }
}
