/** Asks once more before what cannot be undone, or hits somebody at work. */

import { Button } from '@agent/ui';
import { Failure } from '../shell/Broken';
import { Dialog } from '../shell/Dialog';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{
  title: string;
  text: string;
  yes: string;
  busy: boolean;
  error: unknown;
  onYes: () => void;
  onNo: () => void;
}>;

export function Sure({ title, text, yes, busy, error, onYes, onNo }: Props) {
  const { people } = useAppTexts().access;
  return (
    <Dialog title={title} onClose={onNo}>
      <p className="au-empty">{text}</p>
      {error !== null && <Failure error={error} />}
      <div className="dialog__do">
        <Button onClick={onNo}>{people.cancel}</Button>
        <Button look="danger" disabled={busy} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </Dialog>
  );
}
