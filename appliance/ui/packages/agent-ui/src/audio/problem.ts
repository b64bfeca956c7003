/** Why there is no sound, in the few kinds that a person can do something about. */

export type AudioProblem =
  /** Browsers give out a microphone on https pages (and on the box itself) only. */
  | 'insecure'
  | 'refused'
  | 'no_microphone'
  /** Another program has it. */
  | 'busy'
  | 'unsupported'
  | 'failed';

const BY_NAME: Readonly<Record<string, AudioProblem>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'no_microphone',
  OverconstrainedError: 'no_microphone',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export function problemOf(error: unknown): AudioProblem {
  const name = error instanceof Error ? error.name : '';
  return BY_NAME[name] ?? 'failed';
}

/** What stands in the way before anything is asked for; null if nothing does. */
export function obstacle(world: {
  isSecureContext: boolean;
  mediaDevices: unknown;
  audioWorklet: boolean;
}): AudioProblem | null {
  if (!world.isSecureContext) return 'insecure';
  return world.mediaDevices && world.audioWorklet ? null : 'unsupported';
}
