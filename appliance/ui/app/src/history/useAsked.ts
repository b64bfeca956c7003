/** The filters of the history: kept in the address, so that they can be sent and gone back to. */

import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type Asked, addressOf, askedBy } from './asked';

/** Shorter than the pause of somebody who has typed their word; longer than between keys. */
const TYPED_MS = 250;

export function useAsked() {
  const [address, setAddress] = useSearchParams();
  const asked = askedBy(address);
  const [typed, setTyped] = useState(asked.q);
  const timer = useRef(0);

  const ask = (change: Partial<Asked>) => {
    clearTimeout(timer.current);
    setAddress(addressOf({ ...asked, q: typed, ...change }), { replace: true });
  };
  const type = (q: string) => {
    setTyped(q);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => ask({ q }), TYPED_MS);
  };
  const clear = () => {
    clearTimeout(timer.current);
    setTyped('');
    setAddress({}, { replace: true });
  };
  // Whoever goes back, or follows a link to here, sees what that address looks for.
  useEffect(() => setTyped(asked.q), [asked.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { asked, typed, type, ask, clear };
}
