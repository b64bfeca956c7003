/** A number, and how it came to be: shown to whoever points at it, reaches it by key, or presses. */

import { Info } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { clsx } from '../clsx';
import { useAppTexts } from '../texts/Texts';

export type Look = 'plain' | 'good' | 'warn' | 'bad';

type Props = Readonly<{
  name: string;
  /** The formula in words, and of how many. */
  how: string;
  look?: Look;
  /** What stands below the number. */
  note?: ReactNode;
  children: ReactNode;
}>;

export function Tile({ name, how, look = 'plain', note, children }: Props) {
  const { dashboard } = useAppTexts();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className={clsx('au-card', 'tile', look !== 'plain' && `tile--${look}`)}>
      <h2 className="tile__name">{name}</h2>
      <span className="tile__value">{children}</span>
      {note !== undefined && <span className="tile__note">{note}</span>}
      <div
        className="tile__about"
        onPointerEnter={() => setOpen(true)}
        onPointerLeave={(event) => event.pointerType === 'mouse' && setOpen(false)}
      >
        <button
          type="button"
          className="tile__how"
          aria-label={dashboard.how(name)}
          aria-describedby={id}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onClick={() => setOpen(true)}
          onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
        >
          <Info size={16} aria-hidden="true" />
        </button>
        <span id={id} role="tooltip" className="tile__tip" hidden={!open}>
          {how}
        </span>
      </div>
    </section>
  );
}
