/** A new token. */

import { Button, type NewToken, type TokenRow } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { Dialog } from '../shell/Dialog';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { Choices } from './Choices';
import { NameField } from './NameField';

/** As the box has it. */
const MOST_DAYS = 730;

type Props = Readonly<{
  onAdded: (name: string, made: NewToken) => void;
  onClose: () => void;
}>;

export function AddToken({ onAdded, onClose }: Props) {
  const { tokens, people } = useAppTexts().access;
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<TokenRow['scopes']>([]);
  const [days, setDays] = useState('365');
  const add = useMutation({
    mutationFn: () => api.addToken({ name, scopes, days: Number(days) }),
    onSuccess: (made) => onAdded(name, made),
  });
  return (
    <Dialog title={tokens.add} onClose={onClose}>
      <Form onSend={() => !add.isPending && add.mutate()}>
        <NameField label={tokens.name} hint={tokens.nameHint} value={name} onChange={setName} />
        <Choices
          legend={tokens.scopes}
          choices={tokens.scopeTexts}
          texts={tokens.scopeTexts}
          chosen={scopes}
          onChange={setScopes}
        />
        <label className="au-label">
          {tokens.days}
          <input
            className="au-field"
            type="number"
            min={1}
            max={MOST_DAYS}
            value={days}
            onChange={(event) => setDays(event.target.value)}
            required
          />
        </label>
        {add.isError && <Failure error={add.error} />}
        <div className="dialog__do">
          <Button onClick={onClose}>{people.cancel}</Button>
          <Button type="submit" look="primary" disabled={add.isPending || scopes.length === 0}>
            {tokens.make}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
