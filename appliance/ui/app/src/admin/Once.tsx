/** A secret that is shown once: it goes by a button, and by no key pressed by mistake. */

import { Button } from '@agent/ui';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Dialog } from '../shell/Dialog';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{
  title: string;
  label: string;
  secret: string;
  /** What to do with it. */
  next: string;
  onClose: () => void;
}>;

export function Once({ title, label, secret, next, onClose }: Props) {
  const { once } = useAppTexts().access;
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Refused where the page is not secure; the field is there to copy from by hand.
    void navigator.clipboard?.writeText(secret).then(() => setCopied(true));
  };
  return (
    <Dialog title={title}>
      <label className="au-label">
        {label}
        <input
          className="au-field once__secret"
          value={secret}
          readOnly
          spellCheck={false}
          autoComplete="off"
          onFocus={(event) => event.target.select()}
        />
      </label>
      <p className="notice">{once.text}</p>
      <p className="au-empty">{next}</p>
      <div className="dialog__do">
        <Button onClick={copy} icon={copied ? <Check size={16} /> : <Copy size={16} />}>
          <span role="status">{copied ? once.copied : once.copy}</span>
        </Button>
        <Button look="primary" onClick={onClose}>
          {once.close}
        </Button>
      </div>
    </Dialog>
  );
}
