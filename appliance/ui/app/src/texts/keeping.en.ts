/** What the pages say about how long calls are kept, and who is erased, in English. */

const many = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

export const keeping = {
  intro:
    'What is kept goes by itself each night, when its time is up. A hold keeps it longer; erasing takes somebody out at once.',
  due: (recordings: number, texts: number, calls: number) =>
    recordings + texts + calls === 0
      ? 'The next night takes nothing of any call.'
      : `The next night takes ${many(recordings, 'recording')}, what was said in ${many(texts, 'call')}, and ${many(calls, 'call')} altogether.`,
  audit: (rows: number) => `Of the audit log, ${rows} rows go.`,
  held: (calls: number) => `${calls} more would go, but for a hold.`,
  holds: 'Holds',
  none: 'Nothing is held.',
  whose: 'Whose',
  kinds: { call: 'Call', customer: 'Customer' },
  number: 'Number',
  numberHint: 'Of the customer as your files have it, or of the call as its address has it.',
  calls: 'Calls',
  reason: 'Reason',
  by: 'By',
  until: 'Until',
  untilHint: 'Without a day, until somebody ends it.',
  open: 'open',
  place: 'Place a hold',
  release: 'Release',
  releaseOf: (subject: string) => `Release the hold on ${subject}`,
  releaseSure: (subject: string) => `Release the hold on ${subject}?`,
  releaseText: 'What is overdue goes the next night and does not come back.',
  erase: 'Erase somebody',
  eraseText:
    'Everything they said, their name, their card and their recordings go for good. When calls were, how long, and with which agent stays.',
  eraseSure: (kind: string, subject: string) => `Erase ${kind} ${subject} for good?`,
  erased: (calls: number, cards: number) =>
    `Erased: ${many(calls, 'call')} and ${many(cards, 'card')}.`,
  waiting: 'Still to do',
  backups: 'Backups that still have something of them',
  backup: (path: string, calls: number, day: string) =>
    day === ''
      ? `${path}: ${calls} calls; remove it when you can`
      : `${path}: ${calls} calls, until about ${day}`,
  onCall: 'Kept by a hold',
  purged: {
    said: 'What was said has been deleted, because its time was up.',
    person: 'This person has been erased.',
  },
  export: 'All that is kept of this customer, for them (ZIP)',
};

export type KeepingTexts = typeof keeping;
