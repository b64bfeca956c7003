/** A new hold. */

import { Button } from '@agent/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { Form } from '../shell/Form';
import { useAppTexts } from '../texts/Texts';
import { type Subject, Whose } from './Whose';

const NOBODY: Subject = { kind: 'customer', subject: '' };

export function PlaceHold() {
  const { keeping } = useAppTexts();
  const queries = useQueryClient();
  const [whose, setWhose] = useState(NOBODY);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const place = useMutation({
    mutationFn: () =>
      api.placeHold({ ...whose, reason, until: until === '' ? null : `${until}T00:00:00Z` }),
    onSuccess: (holds) => {
      queries.setQueryData(['holds'], holds);
      setWhose(NOBODY);
      setReason('');
      setUntil('');
    },
  });
  return (
    <section className="au-card">
      <h2 className="au-card__title">{keeping.place}</h2>
      <Form onSend={() => !place.isPending && place.mutate()}>
        <Whose value={whose} onChange={setWhose} />
        <label className="au-label">
          {keeping.reason}
          <input
            className="au-field"
            dir="auto"
            maxLength={1000}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <label className="au-label">
          {keeping.until}
          <input
            className="au-field"
            type="date"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
          <small className="hint">{keeping.untilHint}</small>
        </label>
        {place.isError && <Failure error={place.error} />}
        <Button type="submit" disabled={place.isPending}>
          {keeping.place}
        </Button>
      </Form>
    </section>
  );
}
