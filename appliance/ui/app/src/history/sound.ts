/** The sound of a recorded call, in step with the film: while it plays it is the clock. */

export class Sound {
  readonly #element: HTMLAudioElement;
  readonly #endMs: number;
  #wanted = false;

  constructor(source: string, endMs: number, onFail: () => void) {
    this.#element = new Audio(source);
    this.#element.preload = 'metadata';
    this.#element.addEventListener('error', onFail);
    this.#endMs = endMs;
  }

  /** Where it is, in ms of the call; null where it is silent and the clock goes on alone. */
  get atMs(): number | null {
    const { ended, currentTime } = this.#element;
    return this.#wanted && !ended ? currentTime * 1000 : null;
  }

  play(atMs: number, speed: number): void {
    this.#element.playbackRate = speed;
    this.#wanted = true;
    this.move(atMs);
  }

  pause(): void {
    this.#wanted = false;
    this.#element.pause();
  }

  /** Beyond its end it is over: a call goes on for a moment after the last sound. */
  move(atMs: number): void {
    const within = atMs < this.#endMs;
    if (Math.abs(this.#element.currentTime * 1000 - atMs) > 1) {
      this.#element.currentTime = Math.min(atMs, this.#endMs) / 1000;
    }
    if (!this.#wanted) return;
    // A move while it starts breaks the start off, and the next one counts.
    if (within) this.#element.play().catch(() => undefined);
    else this.#wanted = false;
  }

  close(): void {
    this.pause();
    this.#element.removeAttribute('src');
    this.#element.load();
  }
}
