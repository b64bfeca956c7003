/** What this person likes, kept in this browser. */

import { type AudioSettings, DEFAULT_SETTINGS } from '@agent/ui';
import { useSyncExternalStore } from 'react';
import { type Language, preferredLanguage } from '../texts/languages';

export type Theme = 'system' | 'light' | 'dark';

export type Preferences = Readonly<{
  theme: Theme;
  language: Language;
  name: string;
  /** Keys act without a modifier; some people must be able to turn that off (WCAG 2.1.4). */
  shortcuts: boolean;
  autoAnswer: boolean;
  audio: AudioSettings;
}>;

const KEY = 'appliance.preferences';

const DEFAULTS: Preferences = {
  theme: 'system',
  language: preferredLanguage(navigator.languages),
  name: '',
  shortcuts: true,
  autoAnswer: false,
  audio: DEFAULT_SETTINGS,
};

const listeners = new Set<() => void>();
let current = read();
show(current.theme);

export function preferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  show(current.theme);
  keep(KEY, current);
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  const kept = recalled(KEY) as Partial<Preferences> | null;
  return { ...DEFAULTS, ...kept };
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Kept in this browser; where that is forbidden, for as long as the page lives. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window, or full: nothing a person has to hear of.
  }
}

export function recalled(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
