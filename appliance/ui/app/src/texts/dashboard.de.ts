import type { dashboard as english } from './dashboard.en';

export const dashboard: typeof english = {
  title: 'Übersicht',
  wall: 'Lage',
  hang: 'Auf den Wandschirm',
  leaveWall: 'Zurück zur Übersicht',
  old: (since) => `Keine Verbindung zum Gerät. So war es um ${since}.`,
  how: (name) => `${name}: wie gezählt wird`,
  agents: 'Mitarbeiter',
  available: 'Verfügbare Mitarbeiter',
  nobodyOnDuty: 'Niemand ist im Dienst.',
  onDuty: (n) => `von ${n} im Dienst`,
  more: (n) => `und ${n} weitere`,
  waiting: 'Wartende',
  longest: (time) => `seit ${time}`,
  active: 'Laufende Gespräche',
  mood: 'Stimmung der Anrufer',
  moodOf: (n) => `Stimmung (${n})`,
  calls: 'Gespräche',
  alerts: 'Hinweise',
  toTrends: 'Verlauf',
  unusual: {
    unusual: (name, value, usual) => `${name}: ${value} in der letzten Stunde, sonst ${usual}`,
    limit: (name, value, limit) => `${name}: ${value} in der letzten Stunde, Grenze ${limit}`,
  },
  noAlerts: 'Zurzeit keine.',
  behind: 'Rückstand der Mitschrift',
  read: 'Mitgeschrieben, von höchstens',
  readOf: (calls, most) => `${calls} / ${most}`,
  unread: (n) => `${n} ohne Mitschrift`,
  recordFails: 'Die Gesprächsakten können nicht geschrieben werden.',
  seconds: (n) => `${n} s`,
  formulas: {
    active: (n) => `Gespräche, in denen gerade beide da sind. Gezählt: ${n}. Gehaltene zählen mit.`,
    waiting: (n) =>
      `Anrufer, denen noch niemand geantwortet hat. Gezählt: ${n}. Gewartet wird, seit der Anruf einging.`,
    agents: (n) =>
      `Wer im Dienst ist und den nächsten Anruf nehmen kann. Im Dienst: ${n}; wessen Leitung abriss, zählt mit, solange er zurückkommen kann.`,
    mood: (n, calls) =>
      `Die letzte gelesene Äußerung des Kunden in jedem laufenden Gespräch. Gelesen in ${n} von ${calls} Gesprächen, nur aus den Worten, von einer Maschine. Sie kann irren.`,
    alerts: (n) =>
      `In laufenden Gesprächen gemeldet und nicht vorüber: von Ihren Regeln für die Aufsicht, und wo ein Kunde unzufrieden klingt. Gezählt: ${n}.`,
    lag: (calls) =>
      `Vom Ende des Gesagten bis zum fertigen Text: der langsamste letzte Text der ${calls} mitgeschriebenen Gespräche, oder das Alter des ältesten, der noch wartet.`,
    advice: 'Ob das Sprachmodell Rat schreibt. Es ruht, solange die Mitschrift im Rückstand ist.',
  },
  box: 'Das Gerät',
  speech: 'Mitschrift',
  suggestions: 'Rat',
  record: 'Gesprächsakten',
  states: {
    live: 'Läuft',
    starting: 'Startet',
    degraded: 'Rückstand',
    paused: 'Ruht',
    failed: 'Ausgefallen',
    failing: 'Gestört',
    off: 'Aus',
  },
  recent: 'Letzte Gespräche',
};
