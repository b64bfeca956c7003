/** The sound of the page, for components. */

import { useEffect, useSyncExternalStore } from 'react';
import type { AudioCall, AudioState } from '../audio/audio-call';
import type { Level } from '../audio/level';
import type { LiveCall } from '../call/live-call';

/** While it is mounted, `audio` speaks and listens in `live`, if there is one. */
export function useAudioCall(audio: AudioCall, live: LiveCall | null): AudioState {
  useEffect(() => {
    audio.join(live);
    return () => audio.join(null);
  }, [audio, live]);
  return useAudio(audio);
}

/** The state alone. */
export function useAudio(audio: AudioCall): AudioState {
  return useSyncExternalStore(audio.subscribe, audio.snapshot);
}

export function useLevel(level: Level): number {
  return useSyncExternalStore(level.subscribe, level.read);
}
