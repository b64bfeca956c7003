/** A password being typed: shown if wished, and a word about Caps Lock. */

import { Eye, EyeOff } from 'lucide-react';
import { type KeyboardEvent, type Ref, useId, useState } from 'react';
import { useAppTexts } from '../texts/Texts';

type Props = Readonly<{
  label: string;
  /** For password managers. */
  kind: 'current-password' | 'new-password';
  value: string;
  onChange: (value: string) => void;
  describedBy?: string;
  ref?: Ref<HTMLInputElement>;
}>;

/** Longer than any password that the box takes. */
const MOST = 1000;

export function PasswordField({ label, kind, value, onChange, describedBy, ref }: Props) {
  const { door } = useAppTexts().access;
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const [field, hint] = [useId(), useId()];
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  return (
    <div className="password">
      <label className="au-label" htmlFor={field}>
        {label}
      </label>
      <div className="password__box">
        <input
          ref={ref}
          id={field}
          className="au-field"
          name={kind}
          type={shown ? 'text' : 'password'}
          autoComplete={kind}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={MOST}
          required
          aria-describedby={[describedBy, hint].filter(Boolean).join(' ')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={look}
          onKeyUp={look}
        />
        <button
          type="button"
          className="au-button au-button--quiet password__show"
          aria-label={door.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={18} /> : <Eye size={18} />}
        </button>
      </div>
      <span id={hint} className="password__hint" role="status">
        {capsLock && door.capsLock}
      </span>
    </div>
  );
}
