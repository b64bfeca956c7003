/** When each frame was spoken, so that a hole in the sound is seen and its length known. */

import { FRAME_MS } from '../wire/frame';

/** Later than this for a whole second is not late: what came before was never spoken. */
const HOLE_MS = 250;

/** A page that is busy gets its frames late and then all at once, hardly ever for longer. */
const LOOK = 1000 / FRAME_MS;

/** A sound card and a wall clock differ by up to 0.1 ms in a second. */
const FOLLOW = 0.1;

export class FrameClock {
  #dueMs: number | null = null;
  #seen = 0;
  /** How late the least late of the frames seen was. */
  #least = Number.POSITIVE_INFINITY;
  /** How late frames usually are. */
  #usual = 0;

  /** The time of the frame that has just arrived: 20 ms after the last, or after a hole. */
  next(arrivedMs: number): number {
    const due = (this.#dueMs ?? arrivedMs) + this.#hole();
    this.#least = Math.min(this.#least, arrivedMs - due - this.#usual);
    this.#seen += 1;
    this.#dueMs = due + FRAME_MS;
    return due;
  }

  /** Once a second: what is missing before the next frame, in whole milliseconds. */
  #hole(): number {
    if (this.#seen < LOOK) return 0;
    const least = this.#least;
    this.#seen = 0;
    this.#least = Number.POSITIVE_INFINITY;
    if (least > HOLE_MS) return Math.round(least);
    this.#usual += least * FOLLOW;
    return 0;
  }
}
