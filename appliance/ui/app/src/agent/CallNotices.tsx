/** What the agent has to know about the line and the box during a call. */

import { type Call, useAudio } from '@agent/ui';
import { TriangleAlert } from 'lucide-react';
import { audio } from '../session/sound';
import type { AppTexts } from '../texts/en';
import { useAppTexts } from '../texts/Texts';

export function CallNotices({ call }: Readonly<{ call: Call }>) {
  const { call: texts } = useAppTexts();
  const { state, problem } = useAudio(audio);
  const words = [...about(call, texts)];
  if (state === 'off' && problem === null) words.push(texts.waitingForSound);
  const refused = call.errors.at(-1);
  return (
    <div className="notices" role="status">
      {words.map((word) => (
        <p key={word} className="notice">
          <TriangleAlert size={18} aria-hidden="true" />
          {word}
        </p>
      ))}
      {refused && (
        <p className="notice notice--bad">
          <strong>{refused.problem}</strong> {refused.fix}
        </p>
      )}
    </div>
  );
}

function* about(call: Call, texts: AppTexts['call']): Generator<string> {
  if (call.partner.presence === 'away') yield texts.partnerAway;
  if (call.partner.holding) yield texts.partnerHolding;
  if (call.call.state === 'paused') yield texts.paused;
  if (call.epoch !== '' && call.speech.state === 'waiting') yield texts.speechWaiting;
  if (call.speech.state === 'off') yield texts.speechOff;
  if (call.speech.state === 'paused') yield texts.speechPaused;
  if (call.speech.state === 'degraded') yield texts.behind(Math.round(call.speech.lagMs / 1000));
}
