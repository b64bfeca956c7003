/** Takes somebody out for good, and says what is left to do. */

import { Button, type Erased, localeOf } from '@agent/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { usePreferences } from '../session/preferences';
import { Failure } from '../shell/Broken';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { Sure } from './Sure';
import { type Subject, Whose } from './Whose';

const NOBODY: Subject = { kind: 'customer', subject: '' };

export function Erase() {
  const { keeping } = useAppTexts();
  const [whose, setWhose] = useState(NOBODY);
  const [asking, setAsking] = useState(false);
  const erase = useMutation({
    mutationFn: () => api.erase(whose),
    onSuccess: () => {
      setAsking(false);
      setWhose(NOBODY);
    },
    onError: () => setAsking(false),
  });
  return (
    <section className="au-card">
      <h2 className="au-card__title">{keeping.erase}</h2>
      <p className="au-empty">{keeping.eraseText}</p>
      <Form onSend={() => setAsking(true)}>
        <Whose value={whose} onChange={setWhose} />
        {erase.isError && <Failure error={erase.error} />}
        <Button type="submit" look="danger">
          {keeping.erase}
        </Button>
      </Form>
      {erase.data && <Outcome erased={erase.data} />}
      {asking && (
        <Sure
          title={keeping.eraseSure(keeping.kinds[whose.kind], whose.subject)}
          text={keeping.eraseText}
          yes={keeping.erase}
          busy={erase.isPending}
          error={null}
          onYes={() => erase.mutate()}
          onNo={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function Outcome({ erased }: Readonly<{ erased: Erased }>) {
  const { keeping } = useAppTexts();
  const { language } = usePreferences();
  const day = (moment: string | null) =>
    moment === null ? '' : new Date(moment).toLocaleDateString(localeOf(language));
  return (
    <div role="status">
      <p>{keeping.erased(erased.calls, erased.customers)}</p>
      {erased.waiting.length > 0 && <h3>{keeping.waiting}</h3>}
      <ul>
        {erased.waiting.map((why) => (
          <li key={why}>{why}</li>
        ))}
      </ul>
      {erased.backups.length > 0 && <h3>{keeping.backups}</h3>}
      <ul>
        {erased.backups.map((copy) => (
          <li key={copy.path}>{keeping.backup(copy.path, copy.calls, day(copy.expires))}</li>
        ))}
      </ul>
    </div>
  );
}
