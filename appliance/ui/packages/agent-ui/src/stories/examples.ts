/** A call to show components with. */

import { receive } from '../call/advance';
import {
  type Advice,
  type Line,
  type MoodReading,
  newCall,
  type Person,
  type Warning,
} from '../call/state';
import { chatted, said } from '../testing/messages';
import type {
  Checklist,
  ChecklistItem,
  Customer,
  CustomerCandidate,
  CustomerCard,
  ServerMessage,
  Source,
} from '../wire/types';

const MESSAGES: readonly ServerMessage[] = [
  said(1, 'Good morning, you are speaking with Helen. How can I help you?', { speaker: 'agent' }),
  said(2, 'Hello, I have lost my card. I think I left it on the train this morning.'),
  said(3, 'Do not worry, we will get it blocked straight away.', { speaker: 'agent' }),
  said(4, 'Can I take your full name, please?', { speaker: 'agent' }),
  said(5, 'Yes, it is Arthur Example.'),
  chatted(6, 'Your reference is 4711.'),
  { type: 'gap', seq: 7, speaker: 'customer', start_ms: 7000, end_ms: 9400, reason: 'lost' },
  said(8, '', { failed: true }),
  said(9, 'and the number on the letter', { is_final: false }),
];

export const LINES: readonly Line[] = MESSAGES.reduce(receive, newCall('c1', 'agent')).lines;

const LONG =
  'I called three times about this invoice and every time somebody told me something else ';

export const LONG_LINES: readonly Line[] = [
  said(1, LONG.repeat(12)),
  said(2, `https://example.test/${'a'.repeat(300)}`, { speaker: 'agent' }),
].reduce(receive, newCall('c1', 'agent')).lines;

export const RTL_LINES: readonly Line[] = [
  said(1, 'صباح الخير، لقد فقدت بطاقتي في القطار.', { language: 'ar' }),
  said(2, 'Good morning. I will block it at once.', { speaker: 'agent' }),
  said(3, 'שלום, המספר הוא 4711.', { language: 'he' }),
].reduce(receive, newCall('c1', 'agent')).lines;

/** A call of two hours. */
export const MANY_LINES: readonly Line[] = Array.from({ length: 3000 }, (_, n) =>
  said(n + 1, `${n + 1}. ${LONG.slice(0, 20 + ((n * 37) % 68))}`, {
    speaker: n % 3 === 0 ? 'agent' : 'customer',
    start_ms: n * 2400,
    end_ms: n * 2400 + 2000,
  }),
).reduce(receive, newCall('c1', 'agent')).lines;

export const LOST_CARD: Source = {
  article: 'lost-card',
  version: 1,
  title: 'Lost or stolen card',
  section: 'Steps',
  text: '1. Block the card. 2. Ask when it was used last.',
  steps: ['Block the card.', 'Ask when it was used last.'],
  first_step: 1,
  probability: 0.8,
};

export const ADVICE: Advice = {
  id: 'a1',
  answers: 't2',
  action: 'offer_solution',
  suggestion: 'I can block the card now and send you a new one. Is your address still the same?',
  reasoning: 'a lost card is blocked first',
  confidence: 0.82,
  isFinal: true,
  status: 'done',
  verdict: null,
  sources: [LOST_CARD],
  trigger: 't2',
  fate: null,
};

export const CUSTOMER: Person = {
  name: 'Arthur Example',
  presence: 'here',
  muted: false,
  holding: false,
};

export const CARD: CustomerCard = {
  id: 'GA-100271',
  name: 'Arthur Example',
  email: 'arthur@example.test',
  phone: '+44 20 7946 0271',
  status: 'Current account',
  lifetime_value: 1840,
  currency: 'GBP',
  since: '2016-03-14',
  orders: [
    {
      number: '470295',
      placed: '2025-10-09',
      status: 'delivered',
      total: 74.9,
      currency: 'GBP',
      item: 'Blue table lamp',
    },
    { number: '470100', placed: '', status: '', total: null, currency: '', item: '' },
  ],
  tickets: [
    { number: 'T-1180', opened: '2025-08-20', status: 'open', subject: 'Wants paper statements' },
  ],
  notes: [{ written: '2025-08-20', author: 'Priya', text: 'Prefers letters.' }],
};

export const CANDIDATES: readonly CustomerCandidate[] = [
  {
    id: 'GA-100271',
    name: 'Arthur Example',
    matched: 'name',
    value: 'Arthur Example',
    exact: true,
  },
  {
    id: 'GA-100272',
    name: 'Arthur Exampel',
    matched: 'name',
    value: 'Arthur Exampel',
    exact: false,
  },
];

export const known = (fields: Partial<Customer> = {}): Customer => ({
  type: 'customer',
  seq: 1,
  source: 'said',
  card: CARD,
  matched: 'name',
  candidates: [],
  ...fields,
});
const SCORES = { negative: -0.7, neutral: 0.05, positive: 0.6 };

export const read = (line: string, label: MoodReading['label']): MoodReading => ({
  line,
  label,
  score: SCORES[label],
});

export const WARNING: Warning = {
  id: 'mood-1',
  kind: 'mood',
  severity: 'warning',
  text: '',
  lines: ['t2', 't5'],
  isOver: false,
  isUnchecked: false,
  verdict: null,
};

export const listed = (
  id: string,
  text: string,
  fields: Partial<ChecklistItem> = {},
): ChecklistItem => ({
  id,
  text,
  weight: 1,
  state: 'open',
  by: null,
  at_ms: 0,
  line: '',
  rule: '',
  ...fields,
});

export const CHECKLIST: Checklist = {
  type: 'checklist',
  seq: 1,
  items: [
    listed('recording', 'Say that the call is recorded', {
      state: 'missed',
      by: 'rule',
      at_ms: 30_000,
    }),
    listed('name', 'Ask for the full name', {
      state: 'done',
      by: 'rule',
      at_ms: 12_000,
      line: 't2',
    }),
    listed('date', 'Ask for the date of birth', { state: 'done', by: 'hand', at_ms: 34_000 }),
    listed('offer', 'Mention the offer of the month', {
      state: 'unchecked',
      by: 'rule',
      at_ms: 60_000,
    }),
    listed('help', 'Ask whether there is anything else'),
  ],
  score: 50,
};
