/** What every page of the staff has around it. */

import { Settings } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet } from 'react-router';
import { clsx } from '../clsx';
import { Gate } from '../entry/Gate';
import { useIsWall } from '../floor/useWall';
import { agent } from '../session/agent';
import { useEntry } from '../session/door';
import { useAppTexts } from '../texts/Texts';
import { AccountMenu } from './AccountMenu';
import { useRoles } from './For';
import { Presence } from './Presence';
import { placesOf } from './places';
import { SettingsDialog } from './SettingsDialog';

export function Shell() {
  return (
    <Gate>
      <Inside />
    </Gate>
  );
}

function Inside() {
  const roles = useRoles();
  const dialog = useRef<HTMLDialogElement>(null);
  const wall = useIsWall();
  const answers = roles.includes('agent');
  useEffect(() => {
    if (answers) agent.restore();
  }, [answers]);
  return (
    <div className="shell">
      {!wall && <Bar onSettings={() => dialog.current?.showModal()} />}
      <main id="content" className="shell__content" tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <SettingsDialog ref={dialog} />
    </div>
  );
}

function Bar({ onSettings }: Readonly<{ onSettings: () => void }>) {
  const texts = useAppTexts();
  const { person } = useEntry();
  const roles = useRoles();
  return (
    <>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <header className="bar">
        <span className="bar__brand">
          <img src="/assets/icon.svg" alt="" width="26" height="26" />
          {texts.product}
        </span>
        <nav className="bar__pages" aria-label={texts.nav.label}>
          {placesOf(roles).map(({ path, name }) => (
            <NavLink
              key={path}
              to={path}
              end={path === '/calls'}
              className={({ isActive }) => clsx('bar__page', isActive && 'bar__page--here')}
            >
              {texts.nav[name]}
            </NavLink>
          ))}
        </nav>
        <Presence />
        <button
          type="button"
          className="au-button au-button--quiet bar__settings"
          onClick={onSettings}
          aria-label={texts.settings.label}
        >
          <Settings size={20} />
        </button>
        {person !== null && <AccountMenu person={person} />}
      </header>
    </>
  );
}
