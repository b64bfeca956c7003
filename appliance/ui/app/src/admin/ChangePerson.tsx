/** What an administrator can do with somebody's account. */

import { Button, type OneTime, type PersonRow } from '@agent/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { useEntry } from '../session/door';
import { Failure } from '../shell/Broken';
import { Dialog } from '../shell/Dialog';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { Choices } from './Choices';
import { Sure } from './Sure';

type Deed = 'reset' | 'disable' | 'sign-out';

type Props = Readonly<{
  person: PersonRow;
  onReset: (made: OneTime) => void;
  onClose: () => void;
}>;

export function ChangePerson({ person, onReset, onClose }: Props) {
  const [deed, setDeed] = useState<Deed | null>(null);
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ['people'] });
  if (deed !== null) {
    return (
      <Do
        deed={deed}
        person={person}
        onDone={async (made) => {
          await changed();
          if (made === null) onClose();
          else onReset(made);
        }}
        onNo={() => setDeed(null)}
      />
    );
  }
  return (
    <Dialog title={person.name} onClose={onClose}>
      <Roles person={person} onChanged={changed} />
      <hr className="rule" />
      <Deeds person={person} onDeed={setDeed} onEnabled={changed} />
      <div className="dialog__do">
        <CloseButton onClick={onClose} />
      </div>
    </Dialog>
  );
}

function CloseButton({ onClick }: Readonly<{ onClick: () => void }>) {
  const { people } = useAppTexts().access;
  return <Button onClick={onClick}>{people.close}</Button>;
}

type RolesProps = Readonly<{ person: PersonRow; onChanged: () => unknown }>;

function Roles({ person, onChanged }: RolesProps) {
  const { people, roles: names } = useAppTexts().access;
  const [roles, setRoles] = useState(person.roles);
  const save = useMutation({
    mutationFn: () => api.setRoles(person.id, roles),
    onSuccess: onChanged,
  });
  const same = String([...roles].sort()) === String([...person.roles].sort());
  return (
    <Form onSend={() => !save.isPending && save.mutate()}>
      <Choices
        legend={people.roles}
        choices={names}
        texts={people.roleTexts}
        chosen={roles}
        onChange={setRoles}
      />
      {save.isError && <Failure error={save.error} />}
      <div className="dialog__do">
        <span role="status" className="hint">
          {save.isSuccess && same && people.saved}
        </span>
        <Button type="submit" disabled={same || roles.length === 0 || save.isPending}>
          {people.save}
        </Button>
      </div>
    </Form>
  );
}

type DeedsProps = Readonly<{
  person: PersonRow;
  onDeed: (deed: Deed) => void;
  onEnabled: () => unknown;
}>;

function Deeds({ person, onDeed, onEnabled }: DeedsProps) {
  const { people } = useAppTexts().access;
  const me = useEntry().person;
  const enable = useMutation({
    mutationFn: () => api.changePerson(person.id, 'enable'),
    onSuccess: onEnabled,
  });
  if (me?.id === person.id) return <p className="au-empty">{people.own}</p>;
  return (
    <div className="deeds">
      {enable.isError && <Failure error={enable.error} />}
      <Button onClick={() => onDeed('reset')}>{people.reset}</Button>
      <Button onClick={() => onDeed('sign-out')} disabled={person.sessions === 0}>
        {people.signOut}
      </Button>
      {person.disabled ? (
        <Button look="primary" disabled={enable.isPending} onClick={() => enable.mutate()}>
          {people.enable}
        </Button>
      ) : (
        <Button look="danger" onClick={() => onDeed('disable')}>
          {people.disable}
        </Button>
      )}
    </div>
  );
}

type DoProps = Readonly<{
  deed: Deed;
  person: PersonRow;
  onDone: (made: OneTime | null) => unknown;
  onNo: () => void;
}>;

function Do({ deed, person, onDone, onNo }: DoProps) {
  const texts = useAppTexts().access.people.sure[deed];
  const act = useMutation({
    mutationFn: async () => {
      if (deed === 'reset') return api.resetPassword(person.id);
      await api.changePerson(person.id, deed);
      return null;
    },
    onSuccess: onDone,
  });
  return (
    <Sure
      title={texts.title(person.name)}
      text={texts.text}
      yes={texts.yes}
      busy={act.isPending}
      error={act.error}
      onYes={() => act.mutate()}
      onNo={onNo}
    />
  );
}
