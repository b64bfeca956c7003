/** The staff's pages, for whoever is signed in; for others, the door. */

import { Button } from '@agent/ui';
import { type ReactNode, useEffect } from 'react';
import { session, useEntry } from '../session/door';
import { Unreachable } from '../session/http';
import type { Entry } from '../session/session';
import { Failure } from '../shell/Broken';
import { Dialog } from '../shell/Dialog';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { NewPassword } from './NewPassword';
import { SignIn } from './SignIn';

export function Gate({ children }: Readonly<{ children: ReactNode }>) {
  const entry = useEntry();
  useEffect(() => void session.look(), []);
  if (entry.person === null) return <Outside entry={entry} />;
  return (
    <>
      {children}
      {entry.state !== 'in' && <Over entry={entry} />}
    </>
  );
}

/** Nobody has used this page yet. */
function Outside({ entry }: Readonly<{ entry: Entry }>) {
  const { product, access } = useAppTexts();
  if (entry.state === 'asking') return null;
  const title = entry.state === 'must_change' ? access.password.forced : access.door.title;
  return (
    <main className="door">
      <TabTitle>{title}</TabTitle>
      <p className="door__brand">
        <img src="/assets/icon.svg" alt="" width="30" height="30" />
        {product}
      </p>
      <section className="au-card door__card">
        <h1>{title}</h1>
        <Way entry={entry} />
      </section>
    </main>
  );
}

/**
 * The sign-in ended under somebody: it lies over their page, which keeps what is on it and
 * shows none of it.
 */
function Over({ entry }: Readonly<{ entry: Entry }>) {
  const { door, password } = useAppTexts().access;
  return (
    <Dialog className="over" title={entry.state === 'must_change' ? password.forced : door.lapsed}>
      {entry.state === 'out' && <p className="au-empty">{door.lapsedText}</p>}
      <Way entry={entry} />
    </Dialog>
  );
}

function Way({ entry: { state, me, person } }: Readonly<{ entry: Entry }>) {
  const { password } = useAppTexts().access;
  if (state === 'unreachable') return <Failure error={new Unreachable()} />;
  if (state !== 'must_change' || me === null) return <SignIn known={person?.name ?? ''} />;
  return (
    <>
      <p className="au-empty">{password.forcedText}</p>
      <NewPassword me={me} typed={session.typed}>
        <Button look="quiet" onClick={() => session.signOut(false)}>
          {password.other}
        </Button>
      </NewPassword>
    </>
  );
}
