/** A page for those who may see it; the others are told so. */

import type { ReactNode } from 'react';
import { Link, Navigate } from 'react-router';
import { useEntry } from '../session/door';
import { useAppTexts } from '../texts/Texts';
import { firstPath, mayBeAt, type PlaceName, type Role, rolesAt } from './places';
import { ArrivalHeading, TabTitle } from './Title';

const NONE: readonly Role[] = [];

export function useRoles(): readonly Role[] {
  return useEntry().person?.roles ?? NONE;
}

export function For({ place, children }: Readonly<{ place: PlaceName; children: ReactNode }>) {
  return mayBeAt(place, useRoles()) ? children : <NotForYou place={place} />;
}

/** `/` leads to where each person begins. */
export function Home() {
  const first = firstPath(useRoles());
  return first === null ? <NotForYou place={null} /> : <Navigate to={first} replace />;
}

function NotForYou({ place }: Readonly<{ place: PlaceName | null }>) {
  const { notForYou, roles: names } = useAppTexts().access;
  const { person } = useEntry();
  const roles = useRoles();
  const named = (some: readonly Role[]) => some.map((role) => names[role]).join(', ');
  return (
    <div className="broken">
      <TabTitle>{notForYou.title}</TabTitle>
      <ArrivalHeading>{notForYou.title}</ArrivalHeading>
      <p dir="auto">{notForYou.text(person?.name ?? '', named(roles) || '–')}</p>
      <p>{place === null ? notForYou.nothing : notForYou.who(named(rolesAt(place)))}</p>
      {place !== null && (
        <Link className="au-button au-button--primary" to="/">
          {notForYou.home}
        </Link>
      )}
    </div>
  );
}
