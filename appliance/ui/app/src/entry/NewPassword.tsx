/** A new password instead of the one so far. */

import { Button, type Me } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { session } from '../session/door';
import { Refusal } from '../session/http';
import { Failure, Notice } from '../shell/Broken';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { PasswordField } from './PasswordField';

type Props = Readonly<{
  me: Me;
  /** The password so far, where it was just typed; else it is asked for. */
  typed?: string;
  onDone?: () => void;
  /** Beside the button that saves. */
  children?: ReactNode;
}>;

export function NewPassword({ me, typed = '', onDone, children }: Props) {
  const { password: texts } = useAppTexts().access;
  const [old, setOld] = useState(typed);
  const [fresh, setFresh] = useState('');
  const rules = useId();
  const first = useRef<HTMLInputElement>(null);
  const asks = typed === '';
  const save = useMutation({
    mutationFn: () => session.changePassword(old, fresh),
    onSuccess: () => onDone?.(),
  });
  useEffect(() => first.current?.focus(), []);
  return (
    <Form onSend={() => !save.isPending && save.mutate()}>
      {/* A password manager learns from it whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={me.name} readOnly hidden />
      {asks && (
        <PasswordField
          ref={first}
          label={texts.old}
          kind="current-password"
          value={old}
          onChange={setOld}
        />
      )}
      <PasswordField
        ref={asks ? null : first}
        label={texts.fresh}
        kind="new-password"
        value={fresh}
        onChange={setFresh}
        describedBy={rules}
      />
      <ul id={rules} className="rules">
        {texts.rules(me.password_length).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      {save.isError && <Refused error={save.error} />}
      <div className="dialog__do">
        {children}
        <Button type="submit" look="primary" disabled={save.isPending}>
          {texts.save}
        </Button>
      </div>
    </Form>
  );
}

function Refused({ error }: Readonly<{ error: unknown }>) {
  const { password: texts } = useAppTexts().access;
  if (error instanceof Refusal && error.status === 401) {
    return <Notice problem={texts.wrong} fix={texts.wrongFix} />;
  }
  return <Failure error={error} />;
}
