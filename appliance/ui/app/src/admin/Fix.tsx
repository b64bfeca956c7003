/** What to do, with each command in it ready to be copied. */

import { Button } from '@agent/ui';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useAppTexts } from '../texts/Texts';

/** Sentences, with commands between backticks. */
export function Fix({ text }: Readonly<{ text: string }>) {
  const parts = text.split('`');
  return (
    <p className="fix">
      {parts.map((part, place) => (place % 2 === 1 ? <Command key={part} command={part} /> : part))}
    </p>
  );
}

function Command({ command }: Readonly<{ command: string }>) {
  const { doctor } = useAppTexts();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Refused where the page is not secure; it can be marked and copied by hand.
    void navigator.clipboard?.writeText(command).then(() => setCopied(true));
  };
  return (
    <span className="fix__command">
      <code>{command}</code>
      <Button
        look="quiet"
        size="small"
        onClick={copy}
        aria-label={copied ? doctor.copied : doctor.copy(command)}
        icon={copied ? <Check size={14} /> : <Copy size={14} />}
      />
    </span>
  );
}
