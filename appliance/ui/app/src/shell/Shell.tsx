/** What every page of the staff has around it. */

import { Settings } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet } from 'react-router';
import { clsx } from '../clsx';
import { agent } from '../session/agent';
import { useAppTexts } from '../texts/Texts';
import { Presence } from './Presence';
import { SettingsDialog } from './SettingsDialog';

export function Shell() {
  const texts = useAppTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => agent.restore(), []);
  const pages = [
    ['/calls', texts.nav.calls],
    ['/calls/history', texts.nav.history],
    ['/dashboard', texts.nav.dashboard],
    ['/admin', texts.nav.admin],
  ] as const;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <header className="bar">
        <span className="bar__brand">
          <img src="/assets/icon.svg" alt="" width="26" height="26" />
          {texts.product}
        </span>
        <nav className="bar__pages" aria-label={texts.nav.label}>
          {pages.map(([path, name]) => (
            <NavLink
              key={path}
              to={path}
              end={path === '/calls'}
              className={({ isActive }) => clsx('bar__page', isActive && 'bar__page--here')}
            >
              {name}
            </NavLink>
          ))}
        </nav>
        <Presence />
        <button
          type="button"
          className="au-button au-button--quiet bar__settings"
          onClick={() => dialog.current?.showModal()}
          aria-label={texts.settings.label}
        >
          <Settings size={20} />
        </button>
      </header>
      <main id="content" className="shell__content" tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <SettingsDialog ref={dialog} />
    </div>
  );
}
