/** A table on a card of its own, which scrolls sideways where it does not fit. */

import type { ReactNode } from 'react';
import { clsx } from '../clsx';

type Column = Readonly<{
  name: string;
  number?: boolean;
  /** Left out on a telephone. */
  extra?: boolean;
}>;

type Props = Readonly<{
  label: string;
  columns: readonly Column[];
  /** What stands above it on the card. */
  head?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}>;

export function Table({ label, columns, head, busy = false, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
    <section className="au-card table au-focus" aria-label={label} aria-busy={busy} tabIndex={0}>
      {head}
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cellOf(column)}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </section>
  );
}

/** Classes of a cell in such a column. */
export function cellOf({ number, extra }: Omit<Column, 'name'>): string {
  return clsx(number && 'table__number', extra && 'table__extra');
}
