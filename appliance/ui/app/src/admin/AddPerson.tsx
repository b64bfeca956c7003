/** A new account. */

import { Button, type OneTime, type PersonRow } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { Dialog } from '../shell/Dialog';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { Choices } from './Choices';
import { NameField } from './NameField';

type Props = Readonly<{ onAdded: (made: OneTime) => void; onClose: () => void }>;

export function AddPerson({ onAdded, onClose }: Props) {
  const { people, roles: names } = useAppTexts().access;
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<PersonRow['roles']>(['agent']);
  const add = useMutation({
    mutationFn: () => api.addPerson({ name, roles }),
    onSuccess: onAdded,
  });
  return (
    <Dialog title={people.add} onClose={onClose}>
      <Form onSend={() => !add.isPending && add.mutate()}>
        <NameField label={people.name} hint={people.nameHint} value={name} onChange={setName} />
        <Choices
          legend={people.roles}
          choices={names}
          texts={people.roleTexts}
          chosen={roles}
          onChange={setRoles}
        />
        {add.isError && <Failure error={add.error} />}
        <div className="dialog__do">
          <Button onClick={onClose}>{people.cancel}</Button>
          <Button type="submit" look="primary" disabled={add.isPending || roles.length === 0}>
            {people.add}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
