/** The language of the pages, and of the components on them. */

import * as kit from '@agent/ui';
import { createContext, type ReactNode, use, useEffect } from 'react';
import { usePreferences } from '../session/preferences';
import { de } from './de';
import { type AppTexts, en } from './en';
import type { Language } from './languages';

const PAGES: Readonly<Record<Language, AppTexts>> = { en, de };
const KIT: Readonly<Record<Language, kit.Texts>> = { en: kit.en, de: kit.de };

const Context = createContext<AppTexts>(en);

export function useAppTexts(): AppTexts {
  return use(Context);
}

export function Texts({ children }: Readonly<{ children: ReactNode }>) {
  const { language } = usePreferences();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <Context value={PAGES[language]}>
      <kit.TextsContext value={KIT[language]}>{children}</kit.TextsContext>
    </Context>
  );
}
