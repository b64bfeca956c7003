/** Who drafted what the agent edits, what it rests on, and how to have it anew. */

import { Button } from '@agent/ui';
import { Link2, RefreshCw, TextQuote } from 'lucide-react';
import { useAppTexts } from '../texts/Texts';
import type { DraftDesk } from './useDraft';

type Props = Readonly<{ desk: DraftDesk; onShow: (line: string) => void }>;

export function DraftNotes({ desk, onShow }: Props) {
  const { wrapUp } = useAppTexts();
  const { summary, writing, isOwn, draft } = desk;
  const settled = summary !== null && !writing;
  return (
    <div className="draft">
      <p className="draft__about au-empty" role="status">
        {writing && wrapUp.writing}
        {settled && draft !== '' && (summary.source === 'quotes' ? wrapUp.quoted : wrapUp.drafted)}
        {settled && summary.removed > 0 && ` ${wrapUp.leftOut(summary.removed)}`}
      </p>
      <div className="draft__do">
        {settled && isOwn && draft !== '' && (
          <Button size="small" onClick={desk.add}>
            <TextQuote size={16} aria-hidden="true" />
            {wrapUp.add}
          </Button>
        )}
        {!writing && (
          <Button size="small" look="quiet" onClick={desk.again}>
            <RefreshCw size={16} aria-hidden="true" />
            {wrapUp.again}
          </Button>
        )}
      </div>
      {settled && <Sources desk={desk} onShow={onShow} />}
    </div>
  );
}

function Sources({ desk, onShow }: Props) {
  const { wrapUp } = useAppTexts();
  const { summary } = desk;
  if (summary === null) return null;
  const all = [...summary.situation, ...summary.action, ...summary.follow_ups];
  const found = all.filter(({ lines }) => lines.length > 0);
  if (found.length === 0) return null;
  return (
    <details className="draft__sources">
      <summary className="au-focus">{wrapUp.restsOn}</summary>
      <ul>
        {found.map(({ text, lines }) => (
          <li key={text}>
            <span dir="auto">{text}</span>
            {lines.map((line) => (
              <button
                key={line}
                type="button"
                className="au-button au-button--quiet au-button--small"
                aria-label={wrapUp.show}
                onClick={() => onShow(line)}
              >
                <Link2 size={16} aria-hidden="true" />
              </button>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}
