/** For whoever runs the box: its parts, its people, its articles, its tokens, its log. */

import { NavLink } from 'react-router';
import { clsx } from '../clsx';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';
import { AuditPart } from './AuditPart';
import { BoxPart } from './BoxPart';
import { KeepingPart } from './KeepingPart';
import { KnowledgePart } from './KnowledgePart';
import { PeoplePart } from './PeoplePart';
import { TokensPart } from './TokensPart';

const PARTS = {
  box: { path: '/admin', Part: BoxPart },
  people: { path: '/admin/people', Part: PeoplePart },
  knowledge: { path: '/admin/knowledge', Part: KnowledgePart },
  keeping: { path: '/admin/keeping', Part: KeepingPart },
  tokens: { path: '/admin/tokens', Part: TokensPart },
  audit: { path: '/admin/audit', Part: AuditPart },
} as const;

type Name = keyof typeof PARTS;

const NAMES = Object.keys(PARTS) as readonly Name[];

export function AdminPage({ part }: Readonly<{ part: Name }>) {
  const { admin, access } = useAppTexts();
  const { Part } = PARTS[part];
  return (
    <div className="page">
      <TabTitle>{part === 'box' ? admin.title : `${access.parts[part]} · ${admin.title}`}</TabTitle>{' '}
      <h1>{admin.title}</h1>
      <nav className="parts" aria-label={access.parts.label}>
        {NAMES.map((name) => (
          <NavLink
            key={name}
            to={PARTS[name].path}
            end
            className={({ isActive }) => clsx('parts__one', isActive && 'parts__one--here')}
          >
            {access.parts[name]}
          </NavLink>
        ))}
      </nav>
      <Part />
    </div>
  );
}
