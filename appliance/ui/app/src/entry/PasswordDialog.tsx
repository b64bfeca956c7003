/** Somebody changes their password of their own accord. */

import { Button } from '@agent/ui';
import { useState } from 'react';
import { useEntry } from '../session/door';
import { Dialog } from '../shell/Dialog';
import { useAppTexts } from '../texts/Texts';
import { NewPassword } from './NewPassword';

export function PasswordDialog({ onClose }: Readonly<{ onClose: () => void }>) {
  const { settings, access } = useAppTexts();
  const { person } = useEntry();
  const [done, setDone] = useState(false);
  if (person === null) return null;
  return (
    <Dialog title={access.password.title} onClose={onClose}>
      {done ? (
        <>
          <p role="status">{access.password.done}</p>
          <div className="dialog__do">
            <Button look="primary" onClick={onClose}>
              {settings.close}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className="au-empty">{access.password.text}</p>
          <NewPassword me={person} onDone={() => setDone(true)}>
            <Button look="quiet" onClick={onClose}>
              {access.people.cancel}
            </Button>
          </NewPassword>
        </>
      )}
    </Dialog>
  );
}
