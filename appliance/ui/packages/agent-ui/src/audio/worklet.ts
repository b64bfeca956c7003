/** The audio thread: microphone -> 20 ms frames, and frames -> loudspeaker. */

import { RATE } from '../wire/frame';
import { Framer } from './framer';
import { JitterBuffer } from './jitter';
import { Resampler } from './resampler';

// TypeScript's DOM library knows nothing of the audio thread.
declare const sampleRate: number;
declare function registerProcessor(
  name: string,
  processor: new (options: AudioWorkletNodeOptions) => AudioWorkletProcessor,
): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** 10 ms of 16 kHz: what is asked of the jitter buffer at a time. */
const PORTION = RATE / 100;

class Capture extends AudioWorkletProcessor {
  readonly #resampler = new Resampler(sampleRate, RATE);
  readonly #framer = new Framer();

  process(inputs: Float32Array[][]): boolean {
    const mono = inputs[0]?.[0];
    if (mono === undefined) return true;
    for (const frame of this.#framer.push(this.#resampler.push(mono))) {
      this.port.postMessage(frame, [frame.buffer]);
    }
    return true;
  }
}

class Playback extends AudioWorkletProcessor {
  readonly #jitter: JitterBuffer;
  readonly #resampler = new Resampler(RATE, sampleRate);
  #ready = new Float32Array(0);

  constructor({ processorOptions }: AudioWorkletNodeOptions) {
    super();
    this.#jitter = new JitterBuffer(processorOptions?.['leastMs'] as number | undefined);
    this.port.onmessage = ({ data }) => this.#jitter.push(data as Int16Array);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (out === undefined) return true;
    while (this.#ready.length < out.length) {
      const more = this.#resampler.push(this.#jitter.pull(PORTION));
      const joined = new Float32Array(this.#ready.length + more.length);
      joined.set(this.#ready);
      joined.set(more, this.#ready.length);
      this.#ready = joined;
    }
    out.set(this.#ready.subarray(0, out.length));
    this.#ready = this.#ready.slice(out.length);
    return true;
  }
}

registerProcessor('capture', Capture);
registerProcessor('playback', Playback);
