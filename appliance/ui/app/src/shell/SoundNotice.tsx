/** What stands between this person and the sound, with what to do about it. */

import { type AudioProblem, Button, useAudio } from '@agent/ui';
import { audio } from '../session/sound';
import { useAppTexts } from '../texts/Texts';

export function SoundNotice() {
  const { audio: texts } = useAppTexts();
  const { problem, needsClick } = useAudio(audio);
  if (problem !== null) return <SoundProblem problem={problem} />;
  if (!needsClick) return null;
  return (
    <div className="notice" role="alert">
      <span>{texts.click}</span>
      <Button look="primary" onClick={audio.start}>
        {texts.start}
      </Button>
    </div>
  );
}

function SoundProblem({ problem }: Readonly<{ problem: AudioProblem }>) {
  const { audio: texts, failed } = useAppTexts();
  return (
    <div className="notice notice--bad" role="alert">
      <div>
        <strong>{texts.problems[problem].problem}</strong> {texts.problems[problem].fix}
      </div>
      <Button onClick={audio.start}>{failed.again}</Button>
    </div>
  );
}
