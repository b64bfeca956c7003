/** Which page is for whom. The box refuses the data of the others, too. */

import type { Me } from '@agent/ui';

export type Role = Me['roles'][number];

export const ROLES: readonly Role[] = ['agent', 'supervisor', 'admin'];

/** In the order of the bar; the first that somebody may see is where they begin. */
const PLACES = [
  { path: '/calls', name: 'calls', roles: ['agent'] },
  { path: '/calls/history', name: 'history', roles: ['agent', 'supervisor'] },
  { path: '/dashboard', name: 'dashboard', roles: ['supervisor'] },
  { path: '/admin', name: 'admin', roles: ['admin'] },
] as const satisfies readonly Readonly<{
  path: string;
  name: string;
  roles: readonly Role[];
}>[];

export type Place = (typeof PLACES)[number];
export type PlaceName = Place['name'];

export function placesOf(roles: readonly Role[]): readonly Place[] {
  return PLACES.filter((place) => mayBeAt(place.name, roles));
}

export function mayBeAt(name: PlaceName, roles: readonly Role[]): boolean {
  return rolesAt(name).some((role) => roles.includes(role));
}

export function rolesAt(name: PlaceName): readonly Role[] {
  return PLACES.find((place) => place.name === name)?.roles ?? [];
}

/** Where somebody begins; a supervisor has the whole floor to look at first. */
export function firstPath(roles: readonly Role[]): string | null {
  const places = placesOf(roles);
  const begin = places.find(({ name }) => name !== 'history') ?? places[0];
  return begin?.path ?? null;
}
