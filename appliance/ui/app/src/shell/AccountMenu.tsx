/** Who is signed in here, and the ways out. */

import { Button, type Me } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { CircleUser, LogOut } from 'lucide-react';
import { useId } from 'react';
import { agent } from '../session/agent';
import { session } from '../session/door';
import { usePlace } from '../session/usePlace';
import { useAppTexts } from '../texts/Texts';
import { Failure } from './Broken';

export function AccountMenu({ person }: Readonly<{ person: Me }>) {
  const { account, roles } = useAppTexts().access;
  const { live } = usePlace(agent.seat);
  const [menu, why] = [useId(), useId()];
  const leave = useMutation({
    mutationFn: (everywhere: boolean) => {
      agent.be('off');
      return session.signOut(everywhere);
    },
  });
  const inCall = live !== null;
  return (
    <>
      <button
        type="button"
        className="au-button au-button--quiet account"
        popoverTarget={menu}
        aria-label={account.label(person.name)}
      >
        <CircleUser size={20} />
        <span className="account__name" dir="auto">
          {person.name}
        </span>
      </button>
      <div id={menu} popover="auto" className="account__menu">
        <p className="account__who">
          <strong dir="auto">{person.name}</strong>
          <span>{person.roles.map((role) => roles[role]).join(', ')}</span>
        </p>
        {leave.isError && <Failure error={leave.error} />}
        {inCall && (
          <p id={why} className="account__hint">
            {account.inCall}
          </p>
        )}
        <Button
          icon={<LogOut size={16} />}
          disabled={inCall || leave.isPending}
          aria-describedby={inCall ? why : undefined}
          onClick={() => leave.mutate(false)}
        >
          {account.signOut}
        </Button>
        <Button
          look="quiet"
          disabled={inCall || leave.isPending}
          onClick={() => leave.mutate(true)}
        >
          {account.everywhere}
        </Button>
        <p className="account__hint">{account.everywhereText}</p>
      </div>
    </>
  );
}
