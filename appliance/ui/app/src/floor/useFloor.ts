/** The only file that joins React to the floor, and to a call that is followed. */

import {
  type FloorState,
  FloorWatch,
  Following,
  type FollowingState,
  Headphones,
  type HeadphonesState,
} from '@agent/ui';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import worklet from '../../../packages/agent-ui/src/audio/worklet.ts?worker&url';
import { staffOutside } from '../session/door';

/** The calls going on, while the component is there. */
export function useFloor(): FloorState {
  const [floor] = useState(() => new FloorWatch(staffOutside()));
  useEffect(() => {
    floor.start();
    return () => floor.close();
  }, [floor]);
  return useSyncExternalStore(floor.subscribe, floor.snapshot);
}

/** The call of this id, while the component is there. */
export function useFollowing(callId: string): readonly [Following, FollowingState] {
  const following = useMemo(() => new Following(callId, staffOutside()), [callId]);
  useEffect(() => {
    following.start();
    return () => following.close();
  }, [following]);
  return [following, useSyncExternalStore(following.subscribe, following.snapshot)];
}

/** Where it is heard, once it is asked for. */
export function useHeadphones(following: Following): readonly [Headphones, HeadphonesState] {
  const [headphones] = useState(() => new Headphones(worklet));
  useEffect(() => {
    const deaf = following.hear((frame) => headphones.play(frame));
    return () => {
      deaf();
      headphones.stop();
    };
  }, [following, headphones]);
  return [headphones, useSyncExternalStore(headphones.subscribe, headphones.snapshot)];
}
