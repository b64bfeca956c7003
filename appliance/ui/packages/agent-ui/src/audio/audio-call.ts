/** The sound of a page: one microphone, one loudspeaker, joined to a call when there is one. */

import type { LiveCall } from '../call/live-call';
import type { Frame } from '../wire/frame';
import { Level } from './level';
import { type AudioProblem, obstacle, problemOf } from './problem';

export type AudioSettings = Readonly<{
  /** Device ids; '' is the system's choice. */
  input: string;
  output: string;
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}>;

export type Device = Readonly<{ id: string; label: string }>;

export type AudioState = Readonly<{
  state: 'off' | 'starting' | 'on' | 'failed';
  problem: AudioProblem | null;
  /** The browser wants a click before it lets anything be heard. */
  needsClick: boolean;
  muted: boolean;
  holding: boolean;
  inputs: readonly Device[];
  outputs: readonly Device[];
  settings: AudioSettings;
}>;

// All three on: an agent without a headset would otherwise echo, and be transcribed twice.
export const DEFAULT_SETTINGS: AudioSettings = {
  input: '',
  output: '',
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

type Sound = Readonly<{
  context: AudioContext;
  playback: AudioWorkletNode;
  loudness: GainNode;
}>;

type Microphone = Readonly<{ stream: MediaStream; source: AudioNode; capture: AudioWorkletNode }>;

export class AudioCall {
  readonly microphoneLevel = new Level();
  readonly partnerLevel = new Level();
  readonly #listeners = new Set<() => void>();
  #state: AudioState;
  #sound: Sound | null = null;
  #microphone: Microphone | null = null;
  #live: LiveCall | null = null;
  #unhear: (() => void) | null = null;

  /** `worklet` is the address of audio.worklet.js, on this page's own server. */
  constructor(
    private readonly worklet: string,
    settings: AudioSettings = DEFAULT_SETTINGS,
  ) {
    this.#state = {
      state: 'off',
      problem: null,
      needsClick: false,
      muted: false,
      holding: false,
      inputs: [],
      outputs: [],
      settings,
    };
  }

  readonly snapshot = (): AudioState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Ask for the microphone and unlock the loudspeaker; best called from a click. */
  readonly start = async (): Promise<void> => {
    if (this.#state.state === 'on') return this.#wake();
    if (this.#state.state === 'starting') return;
    const inTheWay = obstacle({
      isSecureContext,
      mediaDevices: navigator.mediaDevices,
      audioWorklet: 'AudioWorkletNode' in globalThis,
    });
    if (inTheWay !== null) return this.#set({ state: 'failed', problem: inTheWay });
    this.#set({ state: 'starting', problem: null });
    try {
      await this.#open();
      this.#set({ state: 'on' });
      await this.#wake();
    } catch (error) {
      this.stop();
      this.#set({ state: 'failed', problem: problemOf(error) });
    }
  };

  readonly stop = (): void => {
    this.#closeMicrophone();
    void this.#sound?.context.close();
    this.#sound = null;
    this.microphoneLevel.reset();
    this.partnerLevel.reset();
    this.#set({ state: 'off', problem: null, needsClick: false });
  };

  /** Speak and listen in this call; null for none. */
  join(live: LiveCall | null): void {
    if (live === this.#live) return;
    this.#unhear?.();
    this.#live = live;
    this.#unhear = live?.hear((frame) => this.#play(frame)) ?? null;
    this.partnerLevel.reset();
    this.#set({ muted: false, holding: false });
    this.#sound?.loudness.gain.setValueAtTime(1, 0);
  }

  readonly mute = (on: boolean): void => {
    this.#set({ muted: on });
    this.#live?.tell({ type: 'mute', on });
  };

  /** Neither hear nor be heard. */
  readonly hold = (on: boolean): void => {
    this.#set({ holding: on });
    const sound = this.#sound;
    sound?.loudness.gain.setTargetAtTime(on ? 0 : 1, sound.context.currentTime, 0.02);
    this.#live?.tell({ type: 'hold', on });
  };

  readonly choose = async (change: Partial<AudioSettings>): Promise<void> => {
    this.#set({ settings: { ...this.#state.settings, ...change } });
    if (this.#sound === null) return;
    try {
      if ('output' in change) await this.#routeOutput(this.#sound.context);
      if (Object.keys(change).some((name) => name !== 'output')) await this.#openMicrophone();
    } catch (error) {
      this.#set({ problem: problemOf(error) });
    }
  };

  /** A short tone in the chosen loudspeaker, for a sound check. */
  readonly beep = (): void => {
    const context = this.#sound?.context;
    if (context === undefined) return;
    const tone = new OscillatorNode(context, { frequency: 440 });
    const gain = new GainNode(context, { gain: 0.15 });
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.4);
  };

  async #open(): Promise<void> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    const loudness = new GainNode(context);
    try {
      await context.audioWorklet.addModule(this.worklet);
      const playback = new AudioWorkletNode(context, 'playback', {
        numberOfInputs: 0,
        outputChannelCount: [1],
      });
      playback.connect(loudness).connect(context.destination);
      this.#sound = { context, playback, loudness };
    } catch (error) {
      await context.close();
      throw error;
    }
    context.onstatechange = () => this.#set({ needsClick: context.state === 'suspended' });
    await this.#openMicrophone();
    await this.#routeOutput(context);
    navigator.mediaDevices.ondevicechange = () => void this.#listDevices();
    await this.#listDevices();
  }

  async #openMicrophone(): Promise<void> {
    const context = this.#sound?.context;
    if (context === undefined) return;
    const { input, output: _, ...processing } = this.#state.settings;
    const audio = { ...processing, channelCount: 1, ...(input && { deviceId: { exact: input } }) };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    this.#closeMicrophone();
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
    const capture = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }) => this.#heard(data as Frame['pcm']);
    source.connect(capture);
    this.#microphone = { stream, source, capture };
    for (const track of stream.getTracks()) {
      track.onended = () => this.#set({ problem: 'no_microphone' });
    }
    this.#set({ problem: null });
  }

  #closeMicrophone(): void {
    const microphone = this.#microphone;
    if (microphone === null) return;
    this.#microphone = null;
    microphone.capture.port.onmessage = null;
    microphone.source.disconnect();
    for (const track of microphone.stream.getTracks()) track.stop();
  }

  #heard(pcm: Frame['pcm']): void {
    const silent = this.#state.muted || this.#state.holding;
    // Silence rather than nothing: the box counts this person's time in samples.
    const said = silent ? new Int16Array(pcm.length) : pcm;
    this.microphoneLevel.push(said);
    this.#live?.speak(said, Date.now());
  }

  #play(frame: Frame): void {
    this.partnerLevel.push(frame.pcm);
    this.#sound?.playback.port.postMessage(frame.pcm, [frame.pcm.buffer]);
  }

  async #wake(): Promise<void> {
    const context = this.#sound?.context;
    if (context?.state !== 'suspended') return;
    // Without a click this never settles in some browsers; `needsClick` asks for one.
    this.#set({ needsClick: true });
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 500))]);
    this.#set({ needsClick: (context.state as string) !== 'running' });
  }

  async #routeOutput(context: AudioContext): Promise<void> {
    const { output } = this.#state.settings;
    const routable = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    await routable.setSinkId?.(output);
  }

  async #listDevices(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind): Device[] =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== 'default')
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.#set({ inputs: of('audioinput'), outputs: of('audiooutput') });
  }

  #set(change: Partial<AudioState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}
