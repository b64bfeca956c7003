/** A line to the other person: Enter sends, Shift+Enter begins a new line. */

import { Button } from '@agent/ui';
import { SendHorizontal } from 'lucide-react';

/** The box refuses longer lines. */
const MOST_CHARACTERS = 4000;

type Props = Readonly<{
  label: string;
  send: string;
  draft: string;
  onDraft: (draft: string) => void;
  onSend: (text: string) => void;
}>;

export function Composer({ label, send, draft, onDraft, onSend }: Props) {
  const submit = () => {
    const text = draft.trim();
    if (text === '') return;
    onSend(text);
    onDraft('');
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        className="au-field composer__field"
        rows={1}
        maxLength={MOST_CHARACTERS}
        value={draft}
        placeholder={label}
        aria-label={label}
        data-shortcut="chat"
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <Button type="submit" look="primary" aria-label={send} icon={<SendHorizontal size={18} />} />
    </form>
  );
}
