/** The one microphone and loudspeaker of this page. */

import { AudioCall } from '@agent/ui';
import worklet from '../../../packages/agent-ui/src/audio/worklet.ts?worker&url';
import { prefer, preferences } from './preferences';

export const audio = new AudioCall(worklet, preferences().audio);

audio.subscribe(() => {
  const { settings } = audio.snapshot();
  if (settings !== preferences().audio) prefer({ audio: settings });
});
