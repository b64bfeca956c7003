/** The heading of a page and the title of its tab, which say the same. */

import { type ReactNode, useEffect, useRef } from 'react';
import { useAppTexts } from '../texts/Texts';

export function TabTitle({ children }: Readonly<{ children: string }>) {
  const { product } = useAppTexts();
  return <title>{`${children} · ${product}`}</title>;
}

/**
 * A heading that takes the focus when it appears: what was focused before it is gone, and a
 * screen reader would be left nowhere.
 */
export function ArrivalHeading({ children }: Readonly<{ children: ReactNode }>) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} className="arrival" dir="auto">
      {children}
    </h1>
  );
}
