/** Both voices of a call at the ear of somebody who only listens: there is no microphone. */

import { FRAME_SAMPLES, type LegFrame } from '../wire/frame';
import { Level } from './level';

export type HeadphonesState = Readonly<{
  state: 'off' | 'starting' | 'on' | 'failed';
  problem: 'insecure' | 'unsupported' | 'failed' | null;
}>;

type Voice = LegFrame['speaker'];

/** Apart enough to tell who speaks when both do, and both at both ears. */
const PLACES: Readonly<Record<Voice, number>> = { agent: -0.4, customer: 0.4 };

/** The box sends 100 ms at a time; half a frame more bridges what the network adds. */
const LEAST_MS = 150;

type Sound = Readonly<{
  context: AudioContext;
  voices: Readonly<Record<Voice, AudioWorkletNode>>;
}>;

export class Headphones {
  readonly levels: Readonly<Record<Voice, Level>> = { agent: new Level(), customer: new Level() };
  #state: HeadphonesState = { state: 'off', problem: null };
  #sound: Sound | null = null;
  readonly #listeners = new Set<() => void>();

  /** `worklet` is the address of audio.worklet.js, on this page's own server. */
  constructor(private readonly worklet: string) {}

  readonly snapshot = (): HeadphonesState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** From a click or a key: without one, browsers let nothing be heard. */
  readonly start = async (): Promise<void> => {
    if (this.#state.state === 'on' || this.#state.state === 'starting') return;
    if (!isSecureContext) return this.#set({ state: 'failed', problem: 'insecure' });
    if (!('AudioWorkletNode' in globalThis)) {
      return this.#set({ state: 'failed', problem: 'unsupported' });
    }
    this.#set({ state: 'starting', problem: null });
    const context = new AudioContext({ latencyHint: 'playback' });
    try {
      await context.audioWorklet.addModule(this.worklet);
      await context.resume();
    } catch {
      void context.close();
      return this.#set({ state: 'failed', problem: 'failed' });
    }
    if ((this.#state.state as string) !== 'starting') return void context.close();
    this.#sound = {
      context,
      voices: { agent: voice(context, 'agent'), customer: voice(context, 'customer') },
    };
    this.#set({ state: 'on' });
  };

  readonly stop = (): void => {
    void this.#sound?.context.close();
    this.#sound = null;
    for (const level of Object.values(this.levels)) level.reset();
    this.#set({ state: 'off', problem: null });
  };

  play({ speaker, pcm }: LegFrame): void {
    for (let n = 0; n < pcm.length; n += FRAME_SAMPLES) {
      this.levels[speaker].push(pcm.subarray(n, n + FRAME_SAMPLES));
    }
    this.#sound?.voices[speaker].port.postMessage(pcm, [pcm.buffer]);
  }

  #set(change: Partial<HeadphonesState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}

function voice(context: AudioContext, speaker: Voice): AudioWorkletNode {
  const node = new AudioWorkletNode(context, 'playback', {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions: { leastMs: LEAST_MS },
  });
  const place = new StereoPannerNode(context, { pan: PLACES[speaker] });
  node.connect(place).connect(context.destination);
  return node;
}
