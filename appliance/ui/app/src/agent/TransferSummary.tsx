/** In mid call: what it has come to, for whoever takes over. */

import { Button, type LiveCall, type Summary } from '@agent/ui';
import { type Ref, useState } from 'react';
import { useAppTexts } from '../texts/Texts';
import { draftText } from './draft';

type Props = Readonly<{
  ref: Ref<HTMLDialogElement>;
  live: LiveCall;
  summary: Summary | null;
}>;

export function TransferSummary({ ref, live, summary }: Props) {
  const { call, summary: texts, settings, wrapUp } = useAppTexts();
  const [copied, setCopied] = useState('');
  const text = summary === null ? '' : draftText(summary, texts);
  const writing = summary?.is_final === false;
  const about = summary?.source === 'quotes' ? wrapUp.quoted : wrapUp.drafted;
  // Refused where the page is not secure; then nothing was copied, and nothing is said.
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(text));
  return (
    <dialog ref={ref} className="dialog" aria-labelledby="summary-title">
      <form method="dialog" className="dialog__form">
        <h2 id="summary-title">{call.summaryTitle}</h2>
        <p className="written" dir="auto">
          {text}
        </p>
        <p className="au-empty" role="status">
          {writing ? wrapUp.writing : text && about}
          {summary?.is_final && text === '' && call.summaryNone}
        </p>
        <div className="dialog__do">
          <Button look="quiet" disabled={writing} onClick={() => live.tell({ type: 'summarise' })}>
            {call.summaryAgain}
          </Button>
          <Button disabled={writing || text === ''} onClick={copy}>
            {copied === text && text ? call.copied : call.copy}
          </Button>
          <Button type="submit" look="primary">
            {settings.close}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
