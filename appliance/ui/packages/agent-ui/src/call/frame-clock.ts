/** When each frame was spoken, so that a hole in the sound is seen and its length known. */

import { FRAME_MS } from '../wire/frame';

/** Frames come in bursts of up to about 100 ms when a tab is in the background. */
const HOLE_MS = 250;

/** A sound card and a wall clock differ by up to 0.1 ms in a second. */
const FOLLOW = 0.01;

export class FrameClock {
  #dueMs: number | null = null;
  /** How much later than due frames usually arrive. */
  #late = 0;

  /** The time of the frame that has just arrived: 20 ms after the last, or after a hole. */
  next(arrivedMs: number): number {
    const due = this.#dueMs ?? arrivedMs;
    const late = arrivedMs - due - this.#late;
    const hole = late > HOLE_MS ? Math.round(late) : 0;
    if (hole === 0) this.#late += late * FOLLOW;
    this.#dueMs = due + hole + FRAME_MS;
    return due + hole;
  }
}
