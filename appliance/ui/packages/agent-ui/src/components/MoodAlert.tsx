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

/** Says which lines read as unhappy. Stays until it is put away or the mood has passed. */
export function MoodAlert({ warning, lines, onShow, onDismiss }: Props) {
  const { mood } = useTexts();
  return (
    <>
      {/* There before it speaks, or a screen reader misses it; polite, so that it waits for a
          pause, and short: the quotes were heard. */}
      <p className="au-visually-hidden" role="status">
        {warning !== null && mood.alert}
      </p>
      {warning !== null && (
        <section className="au-alert" aria-label={mood.alert}>
          <div className="au-alert__head">
            <TriangleAlert size={18} aria-hidden="true" />
            <strong>{mood.alert}</strong>
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
