/** The recording of a call: what is told of it, and its sound once there is one. */

import type { RecordingDetail } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../session/api';
import { Sound } from './sound';

/** Right after a call its recording is put together. */
const AGAIN_MS = 3_000;

export type Recorded = Readonly<{
  detail: RecordingDetail | undefined;
  /** Null where nothing is to be heard. */
  sound: Sound | null;
  failed: boolean;
}>;

export function useSound(callId: string): Recorded {
  const { data: detail } = useQuery({
    queryKey: ['recording', callId],
    queryFn: () => api.recording(callId),
    refetchInterval: ({ state }) => (isComing(state.data) ? AGAIN_MS : false),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [sound, setSound] = useState<Sound | null>(null);
  const [failed, setFailed] = useState(false);
  const source = detail?.audio ?? '';
  const endMs = detail?.kept?.duration_ms ?? 0;
  useEffect(() => {
    if (source === '') return;
    const made = new Sound(source, endMs, () => {
      setFailed(true);
      setSound(null);
    });
    setFailed(false);
    setSound(made);
    return () => made.close();
  }, [source, endMs]);
  return { detail, sound, failed };
}

function isComing(detail: RecordingDetail | undefined): boolean {
  return detail?.state === 'making' || detail?.state === 'going_on';
}
