import { Ear } from 'lucide-react';
import type { Supervision } from '../call/state';
import { useTexts } from '../texts/Texts';

/** Says that a supervisor reads along or listens, for as long as one does. */
export function SupervisionSign({ supervision }: Readonly<{ supervision: Supervision }>) {
  const texts = useTexts().supervision;
  const { following, hearing, names } = supervision;
  const say = hearing > 0 ? texts.listens : texts.follows;
  return (
    // There before it says anything: a screen reader tells only what changes in it.
    <div className="au-supervision" role="status">
      {following > 0 && (
        <p className="au-alert">
          <Ear size={18} aria-hidden="true" />
          <span dir="auto">{say(names.join(', '))}</span>
        </p>
      )}
    </div>
  );
}
