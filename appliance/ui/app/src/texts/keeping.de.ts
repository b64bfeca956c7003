/** What the pages say about how long calls are kept, and who is erased, in German. */

import type { KeepingTexts } from './keeping.en';

const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;

export const keeping: KeepingTexts = {
  intro:
    'Was aufbewahrt wird, wird nachts von selbst gelöscht, wenn seine Zeit um ist. Eine Löschsperre bewahrt es länger; löschen nimmt jemanden sofort heraus.',
  due: (recordings, texts, calls) =>
    recordings + texts + calls === 0
      ? 'In der nächsten Nacht geht nichts von einem Gespräch.'
      : `In der nächsten Nacht gehen ${many(recordings, 'Aufnahme', 'Aufnahmen')}, das Gesagte von ${many(texts, 'Gespräch', 'Gesprächen')} und ${many(calls, 'Gespräch', 'Gespräche')} ganz.`,
  audit: (rows) => `Aus dem Protokoll gehen ${rows} Zeilen.`,
  held: (calls) => `${calls} weitere hält eine Löschsperre.`,
  holds: 'Löschsperren',
  none: 'Nichts ist gesperrt.',
  whose: 'Wessen',
  kinds: { call: 'Gespräch', customer: 'Kunde' },
  number: 'Nummer',
  numberHint:
    'Des Kunden, wie sie in Ihren Daten steht, oder des Gesprächs, wie sie in seiner Adresse steht.',
  calls: 'Gespräche',
  reason: 'Grund',
  by: 'Von',
  until: 'Bis',
  untilHint: 'Ohne Tag, bis jemand sie aufhebt.',
  open: 'offen',
  place: 'Löschsperre setzen',
  release: 'Aufheben',
  releaseOf: (subject) => `Die Löschsperre für ${subject} aufheben`,
  releaseSure: (subject) => `Die Löschsperre für ${subject} aufheben?`,
  releaseText: 'Was überfällig ist, geht in der nächsten Nacht und kommt nicht wieder.',
  erase: 'Jemanden löschen',
  eraseText:
    'Alles Gesagte, Name, Kundenkarte und Aufnahmen gehen für immer. Wann Gespräche waren, wie lange und mit wem, bleibt.',
  eraseSure: (kind, subject) => `${kind} ${subject} für immer löschen?`,
  erased: (calls, cards) =>
    `Gelöscht: ${many(calls, 'Gespräch', 'Gespräche')} und ${many(cards, 'Kundenkarte', 'Kundenkarten')}.`,
  waiting: 'Noch zu tun',
  backups: 'Sicherungen, in denen noch etwas steht',
  backup: (path, calls, day) =>
    day === ''
      ? `${path}: ${calls} Gespräche; entfernen Sie sie bei Gelegenheit`
      : `${path}: ${calls} Gespräche, bis etwa ${day}`,
  onCall: 'Durch eine Löschsperre bewahrt',
  purged: {
    said: 'Das Gesagte wurde gelöscht, weil seine Zeit um war.',
    person: 'Diese Person wurde gelöscht.',
  },
  export: 'Alles, was über diesen Kunden aufbewahrt wird, für ihn (ZIP)',
};
