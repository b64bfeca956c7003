/** What the box had drafted, beside what the agent saved. */

import { checked, type SessionDetail, type Summary } from '@agent/ui';
import { draftText } from '../agent/draft';
import { useAppTexts } from '../texts/Texts';

export function Drafted({ detail, saved }: Readonly<{ detail: SessionDetail; saved: string }>) {
  const { replay, summary: texts, wrapUp } = useAppTexts();
  const draft = lastDraft(detail);
  if (draft === null) return null;
  const text = draftText(draft, texts);
  if (text === saved) return <p className="au-empty">{replay.asDrafted}</p>;
  return (
    <details className="draft__sources">
      <summary className="au-focus">{replay.draft}</summary>
      <p className="written" dir="auto">
        {text}
      </p>
      <p className="au-empty">{draft.source === 'quotes' ? wrapUp.quoted : draft.source}</p>
    </details>
  );
}

function lastDraft(detail: SessionDetail): Summary | null {
  const drafts = detail.events
    .filter(({ kind }) => kind === 'summary')
    .map(({ payload }) => checked(payload))
    .filter((message) => message?.type === 'summary')
    .filter(({ purpose }) => purpose === 'wrap_up');
  return drafts.at(-1) ?? null;
}
