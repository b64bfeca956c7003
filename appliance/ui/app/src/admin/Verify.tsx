/** Has the box look at every row of the log. */

import { Button, type Inspection } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { useAppTexts } from '../texts/Texts';

export function Verify() {
  const { audit } = useAppTexts().access;
  const look = useMutation({ mutationFn: api.verifyAudit });
  return (
    <section className="au-card verify">
      <Button
        icon={<ShieldCheck size={18} />}
        disabled={look.isPending}
        onClick={() => look.mutate()}
      >
        {audit.verify}
      </Button>
      <div role="status" className="verify__told">
        {look.isPending && audit.verifying}
        {look.isSuccess && <Told found={look.data} />}
      </div>
      {look.isError && <Failure error={look.error} />}
    </section>
  );
}

function Told({ found }: Readonly<{ found: Inspection }>) {
  const { audit } = useAppTexts().access;
  if (found.faults.length === 0) {
    return (
      <>
        <p className="verify__whole">
          {audit.whole(found.rows)}
          {found.taken_out > 0 && ` ${audit.takenOut(found.taken_out)}`}
        </p>
        <p className="hint">{audit.wholeText(found.last)}</p>
        <code className="verify__hash">{found.hash}</code>
      </>
    );
  }
  return (
    <div className="notice notice--bad">
      <div>
        <strong>{audit.damaged(found.rows)}</strong> {audit.damagedFix}
        <ul>
          {found.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
        {found.more_faults > 0 && audit.moreFaults(found.more_faults)}
      </div>
    </div>
  );
}
