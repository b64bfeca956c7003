/** A customer or a call, by its number. */

import type { HoldWish } from '@agent/ui';
import { useAppTexts } from '../texts/Texts';

export type Subject = Pick<HoldWish, 'kind' | 'subject'>;

type Props = Readonly<{ value: Subject; onChange: (value: Subject) => void }>;

const KINDS = ['customer', 'call'] as const;

export function Whose({ value, onChange }: Props) {
  const { keeping } = useAppTexts();
  return (
    <>
      <label className="au-label">
        {keeping.whose}
        <select
          className="au-field"
          value={value.kind}
          onChange={(event) =>
            onChange({
              ...value,
              kind: KINDS.find((kind) => kind === event.target.value) ?? 'call',
            })
          }
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {keeping.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      <label className="au-label">
        {keeping.number}
        <input
          className="au-field"
          dir="auto"
          autoComplete="off"
          maxLength={200}
          required
          value={value.subject}
          onChange={(event) => onChange({ ...value, subject: event.target.value.trim() })}
        />
        <small className="hint">{keeping.numberHint}</small>
      </label>
    </>
  );
}
