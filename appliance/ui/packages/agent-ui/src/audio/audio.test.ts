import { expect, test } from 'vitest';
import { FRAME_SAMPLES, RATE } from '../wire/frame';
import { Framer } from './framer';
import { JitterBuffer } from './jitter';
import { Level, loudness } from './level';
import { obstacle, problemOf } from './problem';
import { Resampler } from './resampler';

const tone = (hz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate));

function inBlocks(resampler: Resampler, samples: Float32Array): Float32Array {
  const parts: number[] = [];
  for (let n = 0; n < samples.length; n += 128) {
    parts.push(...resampler.push(samples.subarray(n, n + 128)));
  }
  return Float32Array.from(parts);
}

/** How much of a tone there is, 0..1. */
function share(samples: Float32Array, hz: number, rate: number): number {
  let [re, im] = [0, 0];
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hz * n) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * n) / rate);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

test.each([48_000, 44_100, 16_000, 8_000])('a tone at %i Hz stays itself at 16 kHz', (rate) => {
  const made = inBlocks(new Resampler(rate, RATE), tone(440, rate, 1));
  expect(Math.abs(made.length - RATE)).toBeLessThan(60);
  expect(share(made.subarray(1000, 15_000), 440, RATE)).toBeCloseTo(1, 1);
});

test('a tone too high for 16 kHz does not come back as another one', () => {
  const made = inBlocks(new Resampler(48_000, RATE), tone(10_000, 48_000, 1));
  expect(share(made.subarray(1000, 15_000), 6_000, RATE)).toBeLessThan(0.01);
});

test('what comes in odd blocks leaves in whole frames, and too loud is cut', () => {
  const framer = new Framer();
  expect(framer.push(new Float32Array(FRAME_SAMPLES - 1))).toHaveLength(0);
  const [frame] = framer.push(Float32Array.of(2, 0.5));
  expect([frame?.length, frame?.at(-1)]).toEqual([FRAME_SAMPLES, 32767]);
});

const frame = (value = 8000) => new Int16Array(FRAME_SAMPLES).fill(value);

test('nothing is played before three frames are in hand', () => {
  const jitter = new JitterBuffer();
  jitter.push(frame());
  jitter.push(frame());
  expect(jitter.pull(10).some((sample) => sample !== 0)).toBe(false);
  jitter.push(frame());
  expect(jitter.pull(10).every((sample) => sample !== 0)).toBe(true);
});

test('after a break more is kept in hand, and less again when it stays calm', () => {
  const jitter = new JitterBuffer();
  for (let n = 0; n < 3; n++) jitter.push(frame());
  jitter.pull(4 * FRAME_SAMPLES);
  expect([jitter.breaks, jitter.targetMs]).toEqual([1, 80]);
  for (let n = 0; n < 510; n++) {
    jitter.push(frame());
    jitter.pull(n < 4 ? 1 : FRAME_SAMPLES);
  }
  expect([jitter.breaks, jitter.targetMs]).toEqual([1, 60]);
});

test('sound that comes all at once is not heard that much later for ever', () => {
  const jitter = new JitterBuffer();
  for (let n = 0; n < 100; n++) jitter.push(frame());
  expect(jitter.bufferedMs).toBeLessThanOrEqual(160);
  expect(jitter.skipped).toBeGreaterThan(0);
});

test('loudness goes from silence to full', () => {
  expect(loudness(new Int16Array(320))).toBe(0);
  expect(loudness(new Int16Array(0))).toBe(0);
  expect(loudness(new Int16Array(320).fill(32767))).toBeCloseTo(1, 2);
});

test('a level tells twelve times a second, and only when it moves', () => {
  const level = new Level();
  let told = 0;
  level.subscribe(() => {
    told += 1;
  });
  for (let n = 0; n < 50; n++) level.push(frame());
  expect(told).toBe(1);
});

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'no_microphone'],
  ['NotReadableError', 'busy'],
  ['ConstraintNotSatisfiedError', 'failed'],
])('a %s is a problem that has a name: %s', (name, problem) => {
  expect(problemOf(new DOMException('', name))).toBe(problem);
});

test('a page that is not https is told so before anything is asked for', () => {
  const world = { isSecureContext: false, mediaDevices: undefined, audioWorklet: false };
  expect(obstacle(world)).toBe('insecure');
  expect(obstacle({ ...world, isSecureContext: true })).toBe('unsupported');
  expect(obstacle({ isSecureContext: true, mediaDevices: {}, audioWorklet: true })).toBeNull();
});
