/** Name and password. */

import { Button } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { session } from '../session/door';
import { Refusal } from '../session/http';
import { Failure, Notice } from '../shell/Broken';
import { Form } from '../shell/Form';
import { useNow } from '../shell/useNow';
import { useAppTexts } from '../texts/Texts';
import { PasswordField } from './PasswordField';

const WRONG = 401;
const TOO_OFTEN = 429;

/** `known` is who used the page, '' for nobody. */
export function SignIn({ known }: Readonly<{ known: string }>) {
  const { door } = useAppTexts().access;
  const [name, setName] = useState(known);
  const [password, setPassword] = useState('');
  const [until, setUntil] = useState(0);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const enter = useMutation({
    mutationFn: () => session.signIn(name, password),
    onError: (error) => {
      setUntil(error instanceof Refusal ? Date.now() + error.retryS * 1000 : 0);
      second.current?.select();
    },
  });
  useEffect(() => (known === '' ? first : second).current?.focus(), [known]);
  const waitS = Math.max(0, Math.ceil((until - useNow()) / 1000));
  return (
    <Form onSend={() => waitS === 0 && !enter.isPending && enter.mutate()}>
      <label className="au-label">
        {door.name}
        <input
          ref={first}
          className="au-field"
          name="username"
          dir="auto"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <PasswordField
        ref={second}
        label={door.password}
        kind="current-password"
        value={password}
        onChange={setPassword}
      />
      {enter.isError && <Refused error={enter.error} />}
      <Button type="submit" look="primary" size="large" disabled={enter.isPending || waitS > 0}>
        {waitS > 0 ? door.wait(waitS) : door.signIn}
      </Button>
      <p className="door__hint">{door.forgotten}</p>
    </Form>
  );
}

function Refused({ error }: Readonly<{ error: unknown }>) {
  const { door } = useAppTexts().access;
  const status = error instanceof Refusal ? error.status : 0;
  if (status === WRONG) return <Notice problem={door.wrong} fix={door.wrongFix} />;
  if (status === TOO_OFTEN && error instanceof Refusal) {
    return <Notice problem={door.often} fix={door.oftenFix(error.retryS)} />;
  }
  return <Failure error={error} />;
}
