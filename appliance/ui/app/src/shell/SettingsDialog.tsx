/** What a person sets for this browser. */

import { Button } from '@agent/ui';
import { type Ref, useState } from 'react';
import { Link } from 'react-router';
import { PasswordDialog } from '../entry/PasswordDialog';
import { prefer, type Theme, usePreferences } from '../session/preferences';
import { LANGUAGES, type Language } from '../texts/languages';
import { useAppTexts } from '../texts/Texts';

export function SettingsDialog({ ref }: Readonly<{ ref: Ref<HTMLDialogElement> }>) {
  const { settings, nav, access } = useAppTexts();
  const chosen = usePreferences();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <dialog ref={ref} className="dialog" aria-labelledby="settings-title">
        <form method="dialog" className="dialog__form">
          <h2 id="settings-title">{settings.label}</h2>
          <label className="au-label">
            {settings.theme}
            <select
              className="au-field"
              value={chosen.theme}
              onChange={(event) => prefer({ theme: event.target.value as Theme })}
            >
              {Object.entries(settings.themes).map(([theme, name]) => (
                <option key={theme} value={theme}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className="au-label">
            {settings.language}
            <select
              className="au-field"
              value={chosen.language}
              onChange={(event) => prefer({ language: event.target.value as Language })}
            >
              {Object.entries(LANGUAGES).map(([code, name]) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Check
            on={chosen.shortcuts}
            onChange={(shortcuts) => prefer({ shortcuts })}
            label={settings.shortcuts}
          />
          <Check
            on={chosen.autoAnswer}
            onChange={(autoAnswer) => prefer({ autoAnswer })}
            label={settings.autoAnswer}
          />
          <Link className="link" to="/sound-check">
            {nav.soundCheck}
          </Link>
          <Button type="submit" onClick={() => setChanging(true)}>
            {access.account.settings}
          </Button>
          <Button type="submit" look="primary">
            {settings.close}
          </Button>
        </form>
      </dialog>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  );
}

export function Check({
  on,
  onChange,
  label,
}: Readonly<{ on: boolean; onChange: (on: boolean) => void; label: string }>) {
  return (
    <label className="check">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
