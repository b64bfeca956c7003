/** The binary frame of the call socket, as appliance/audio/wire.py: u32 seq | u32 t_ms | PCM. */

export const RATE = 16_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (RATE * FRAME_MS) / 1000;

const HEADER_BYTES = 8;
const U32 = 2 ** 32;

export type Frame = Readonly<{
  seq: number;
  /** Of the first sample, on the sender's clock. */
  tMs: number;
  pcm: Int16Array<ArrayBuffer>;
}>;

export function encodeFrame({ seq, tMs, pcm }: Frame): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + pcm.length * 2);
  const view = new DataView(buffer);
  view.setUint32(0, seq, true);
  view.setUint32(4, Math.max(0, Math.round(tMs)) % U32, true);
  pcm.forEach((sample, n) => {
    view.setInt16(HEADER_BYTES + 2 * n, sample, true);
  });
  return buffer;
}

/** The frame of a listener: u32 leg | u32 seq | u32 t_ms of the call | PCM. */
export type LegFrame = Frame & Readonly<{ speaker: 'agent' | 'customer' }>;

const LEGS = ['agent', 'customer'] as const;

export function parseLegFrame(data: ArrayBuffer): LegFrame | null {
  if (data.byteLength <= 4) return null;
  const speaker = LEGS[new DataView(data).getUint32(0, true)];
  const frame = parseFrame(data.slice(4));
  return speaker === undefined || frame === null ? null : { ...frame, speaker };
}

/** Null for what is no frame: too short for its header, without audio, half a sample. */
export function parseFrame(data: ArrayBuffer): Frame | null {
  const bytes = data.byteLength - HEADER_BYTES;
  if (bytes <= 0 || bytes % 2 !== 0) return null;
  const view = new DataView(data);
  const pcm = new Int16Array(bytes / 2);
  for (let n = 0; n < pcm.length; n++) pcm[n] = view.getInt16(HEADER_BYTES + 2 * n, true);
  return { seq: view.getUint32(0, true), tMs: view.getUint32(4, true), pcm };
}
