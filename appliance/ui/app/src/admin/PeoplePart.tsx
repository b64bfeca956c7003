/** Everybody who may sign in. */

import { Button, localeOf, type OneTime, type PersonRow } from '@agent/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../session/api';
import { useEntry } from '../session/door';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { AddPerson } from './AddPerson';
import { ChangePerson } from './ChangePerson';
import { Once } from './Once';

/** Fewer are found faster by looking. */
const MANY = 10;

type Open =
  | Readonly<{ what: 'add' }>
  | Readonly<{ what: 'change'; id: string }>
  | Readonly<{ what: 'added' | 'reset'; made: OneTime }>;

export function PeoplePart() {
  const { people: texts } = useAppTexts().access;
  const [open, setOpen] = useState<Open | null>(null);
  const [sought, setSought] = useState('');
  const people = useQuery({ queryKey: ['people'], queryFn: api.people });
  const all = people.data?.people ?? [];
  const found = all.filter(({ name }) => folded(name).includes(folded(sought)));
  return (
    <>
      <div className="page__head">
        <p className="au-empty">{texts.intro}</p>
        <Button
          look="primary"
          icon={<UserPlus size={18} />}
          onClick={() => setOpen({ what: 'add' })}
        >
          {texts.add}
        </Button>
      </div>
      {people.isError && <Failure error={people.error} onRetry={() => people.refetch()} />}
      {(all.length > MANY || sought !== '') && (
        <input
          className="au-field page__search"
          type="search"
          dir="auto"
          aria-label={texts.search}
          placeholder={texts.search}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      <Table
        label={texts.title}
        columns={[
          { name: texts.name },
          { name: texts.roles },
          { name: texts.state },
          { name: texts.sessions, number: true, extra: true },
          { name: texts.lastSeen, extra: true },
          { name: texts.change },
        ]}
      >
        <tbody>
          {found.map((person) => (
            <Row
              key={person.id}
              person={person}
              onChange={() => setOpen({ what: 'change', id: person.id })}
            />
          ))}
        </tbody>
      </Table>
      {people.isSuccess && found.length === 0 && <p className="au-empty">{texts.none}</p>}
      {open !== null && <Opened open={open} all={all} onOpen={setOpen} />}
    </>
  );
}

type OpenedProps = Readonly<{
  open: Open;
  all: readonly PersonRow[];
  onOpen: (open: Open | null) => void;
}>;

function Opened({ open, all, onOpen }: OpenedProps) {
  const { people: texts } = useAppTexts().access;
  const queries = useQueryClient();
  const close = () => onOpen(null);
  if (open.what === 'add') {
    const added = (made: OneTime) => {
      onOpen({ what: 'added', made });
      void queries.invalidateQueries({ queryKey: ['people'] });
    };
    return <AddPerson onAdded={added} onClose={close} />;
  }
  if (open.what === 'change') {
    const person = all.find(({ id }) => id === open.id);
    if (person === undefined) return null;
    const reset = (made: OneTime) => onOpen({ what: 'reset', made });
    return <ChangePerson person={person} onReset={reset} onClose={close} />;
  }
  const { name, password } = open.made;
  return (
    <Once
      title={open.what === 'added' ? texts.added(name) : texts.passwordOf(name)}
      label={texts.oneTime}
      secret={password}
      next={texts.next}
      onClose={close}
    />
  );
}

function Row({ person, onChange }: Readonly<{ person: PersonRow; onChange: () => void }>) {
  const { people: texts, roles } = useAppTexts().access;
  const { language } = usePreferences();
  const me = useEntry().person;
  const seen =
    person.last_seen === null
      ? texts.never
      : new Date(person.last_seen).toLocaleString(localeOf(language), {
          dateStyle: 'medium',
          timeStyle: 'short',
        });
  return (
    <tr>
      <td className="table__name">
        <strong dir="auto">{person.name}</strong>
        {me?.id === person.id && <span className="hint"> ({texts.you})</span>}
      </td>
      <td>{person.roles.map((role) => roles[role]).join(', ')}</td>
      <td>
        <State of={person} />
      </td>
      <td className={cellOf({ number: true, extra: true })}>{person.sessions}</td>
      <td className={cellOf({ extra: true })}>{seen}</td>
      <td>
        <Button size="small" aria-label={texts.changeOf(person.name)} onClick={onChange}>
          {texts.change}
        </Button>
      </td>
    </tr>
  );
}

function State({ of: person }: Readonly<{ of: PersonRow }>) {
  const { states } = useAppTexts().access.people;
  if (person.disabled) return <span className="au-badge au-badge--bad">{states.disabled}</span>;
  if (person.must_change) return <span className="au-badge au-badge--warn">{states.once}</span>;
  return <span className="session__state">{states.active}</span>;
}

function folded(text: string): string {
  return text.normalize('NFKD').toLowerCase();
}
