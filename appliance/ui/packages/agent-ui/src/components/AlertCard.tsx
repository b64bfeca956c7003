import { TriangleAlert, X } from 'lucide-react';
import type { Line, Warning } from '../call/state';
import { useTexts } from '../texts/Texts';
import { Button } from './Button';
import { MoodLines } from './MoodLines';

type Props = Readonly<{
  /** Null where there is nothing to warn of. */
  warning: Warning | null;
  lines: readonly Line[];
  onShow: (line: string) => void;
  onDismiss: (warning: Warning) => void;
}>;

/** Says what wants attention, and which lines it rests on. Stays until it is put away, or
 * over. */
export function AlertCard({ warning, lines, onShow, onDismiss }: Props) {
  const { mood, rules } = useTexts();
  const said = warning === null ? '' : wordsOf(warning, mood.alert, rules.unchecked);
  return (
    <>
      {/* There before it speaks, or a screen reader misses it; polite, so that it waits for a
          pause, and short: the quotes were heard. */}
      <p className="au-visually-hidden" role="status">
        {said}
      </p>
      {warning !== null && (
        <section className={`au-alert au-alert--${warning.severity}`} aria-label={said}>
          <div className="au-alert__head">
            <TriangleAlert size={18} aria-hidden="true" />
            <strong dir="auto">{said}</strong>
            <Button
              look="quiet"
              size="small"
              onClick={() => onDismiss(warning)}
              icon={<X size={16} />}
            >
              {mood.dismiss}
            </Button>
          </div>
          <MoodLines ids={warning.lines} lines={lines} onShow={onShow} />
        </section>
      )}
    </>
  );
}

function wordsOf(
  { kind, text, isUnchecked }: Warning,
  unhappy: string,
  unchecked: (text: string) => string,
): string {
  if (kind === 'mood') return unhappy;
  return isUnchecked ? unchecked(text) : text;
}
