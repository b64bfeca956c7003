/** Sound on its way to the box: numbered, kept until acknowledged, sent again after a drop. */

import { FRAME_MS, type Frame } from '../wire/frame';

/**
 * Two minutes, 3.8 MB. A person may stay away for one minute; what is older is lost, and
 * the box marks the hole.
 */
export const MAX_KEPT = 120_000 / FRAME_MS;

export class Outgoing {
  #kept: Frame[] = [];
  #nextSeq = 0;
  /** When the next frame is due, on the sender's clock; null where a page begins. */
  #dueMs: number | null = null;
  /** First frame that this socket has not been given. */
  #unsent = 0;

  get nextSeq(): number {
    return this.#nextSeq;
  }

  get kept(): readonly Frame[] {
    return this.#kept;
  }

  push(pcm: Frame['pcm'], tMs: number): void {
    // A number left out is how the box learns that something is missing before this frame,
    // and `t_ms` how much: it puts silence there, and the times of the call stay right.
    if (this.#nextSeq > 0 && tMs !== this.#dueMs) this.#nextSeq += 1;
    this.#dueMs = tMs + FRAME_MS;
    this.#kept.push({ seq: this.#nextSeq, tMs, pcm });
    this.#nextSeq += 1;
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }

  /** Every frame up to `seq` is taken in. */
  acknowledge(seq: number): void {
    const later = this.#kept.findIndex((frame) => frame.seq > seq);
    this.#kept.splice(0, later < 0 ? this.#kept.length : later);
  }

  /** A new socket: the box has everything below `seq` and gets the rest again. */
  resendFrom(seq: number): void {
    this.acknowledge(seq - 1);
    this.#nextSeq = Math.max(this.#nextSeq, seq);
    this.#unsent = seq;
  }

  /** What a page before this one had not got rid of. */
  restore(frames: readonly Frame[]): void {
    const last = frames.at(-1);
    if (last === undefined || this.#nextSeq > 0) return;
    this.#kept = [...frames];
    this.#nextSeq = last.seq + 1;
  }

  /** The next frame for the socket, null when it has them all. */
  take(): Frame | null {
    const first = this.#kept[0];
    if (first === undefined) return null;
    // Numbers that were left out make the place a little earlier than the difference.
    let place = Math.min(this.#kept.length, Math.max(0, this.#unsent - first.seq));
    while ((this.#kept[place - 1]?.seq ?? -1) >= this.#unsent) place -= 1;
    const frame = this.#kept[place];
    if (frame === undefined) return null;
    this.#unsent = frame.seq + 1;
    return frame;
  }
}
