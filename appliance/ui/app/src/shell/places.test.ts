import { expect, test } from 'vitest';
import { firstPath, placesOf, type Role } from './places';

test.each<[readonly Role[], string | null, readonly string[]]>([
  [['agent'], '/calls', ['calls', 'history']],
  [['supervisor'], '/dashboard', ['history', 'dashboard']],
  [['admin'], '/admin', ['admin']],
  [['agent', 'supervisor'], '/calls', ['calls', 'history', 'dashboard']],
  [['agent', 'supervisor', 'admin'], '/calls', ['calls', 'history', 'dashboard', 'admin']],
  [[], null, []],
])('%j begins at %s', (roles, first, names) => {
  expect(firstPath(roles)).toBe(first);
  expect(placesOf(roles).map(({ name }) => name)).toEqual(names);
});
