/** Everything a screen knows about a call. Plain data: no React, no socket, no clock. */

import type {
  AdviceBecame,
  AiSuggestion,
  Alert,
  Checklist,
  Customer,
  ErrorSent,
  Feedback,
  Gap,
  Recording,
  Sentiment,
  Source,
  Status,
  Summary,
  Transcript,
} from '../wire/types';

export type Role = 'agent' | 'customer';

/** Something that was said. `id` names it; a newer state replaces an older in place. */
export type SpokenLine = Readonly<{
  kind: 'speech';
  id: string;
  atMs: number;
  speaker: Role;
  text: string;
  isFinal: boolean;
  failed: boolean;
  endMs: number;
  language: string;
  confidence: number;
}>;

export type TypedLine = Readonly<{
  kind: 'chat';
  id: string;
  atMs: number;
  speaker: Role;
  text: string;
  ref: string;
}>;

/** Sound that never came, or was not listened to. */
export type GapLine = Readonly<{
  kind: 'gap';
  id: string;
  atMs: number;
  speaker: Role;
  endMs: number;
  reason: Gap['reason'];
}>;

export type Line = SpokenLine | TypedLine | GapLine;

/** A line typed here that the box has not shown back yet. */
export type PendingChat = Readonly<{ ref: string; text: string }>;

export type Verdict = Feedback['verdict'];

/** Whether the agent said it; known once the call went on, and told by the record only. */
export type Fate = AdviceBecame['fate'];

export type Advice = Readonly<{
  id: string;
  /** The customer's line it answers, '' when asked by hand. */
  answers: string;
  action: string;
  suggestion: string;
  reasoning: string;
  confidence: number;
  isFinal: boolean;
  status: AiSuggestion['status'];
  verdict: Verdict | null;
  /** What it rests on; none: the call alone. */
  sources: readonly Source[];
  /** The customer's line that led there, '' where none did. */
  trigger: string;
  fate: Fate | null;
}>;

/** How one line of the customer reads. Never of an agent, and words only, never a voice. */
export type MoodReading = Readonly<{ line: string; label: Sentiment['label']; score: number }>;

export type Mood = Readonly<{
  /** In the order of the lines. */
  readings: readonly MoodReading[];
  trend: Sentiment['trend'];
}>;

/** Something that wants attention, and the lines it rests on. */
export type Warning = Readonly<{
  id: string;
  kind: Alert['kind'];
  severity: Alert['severity'];
  /** Of a rule, in the words of the site. */
  text: string;
  lines: readonly string[];
  isOver: boolean;
  /** Nobody can tell: what was said could not be read. */
  isUnchecked: boolean;
  verdict: Verdict | null;
}>;

/** Supervisors who follow the call, as far as this screen is told. */
export type Supervision = Readonly<{
  following: number;
  /** Of them, those who hear it too. */
  hearing: number;
  names: readonly string[];
}>;

/** Whether what is said is kept as sound, and whether people decide that. */
export type RecordingNow = Readonly<Pick<Recording, 'state' | 'choice'>>;

export type Part = Readonly<{ state: Status['state']; text: string; lagMs: number }>;

export type Presence = 'absent' | 'here' | 'away' | 'left';

export type Person = Readonly<{
  name: string;
  presence: Presence;
  muted: boolean;
  holding: boolean;
}>;

export type Call = Readonly<{
  id: string;
  role: Role;
  epoch: string;
  /** Newest numbered message taken in; what is not newer is a duplicate. */
  lastSeq: number;
  /** Version of the box, '' until it has greeted. */
  version: string;
  partner: Person;
  /** Who the box takes the customer for; null while it has said nothing about that. */
  customer: Customer | null;
  /** In the order in which they were said, not in which they arrived. */
  lines: readonly Line[];
  pending: readonly PendingChat[];
  /** Oldest first. */
  advice: readonly Advice[];
  mood: Mood;
  /** Oldest first. */
  warnings: readonly Warning[];
  /** The newest draft of what the call has come to; null while there is none. */
  summary: Summary | null;
  /** Null where the site has none for this call. */
  checklist: Checklist | null;
  supervision: Supervision;
  recording: RecordingNow;
  call: Part;
  speech: Part;
  suggestions: Part;
  /** What the box could not use of what this page sent, newest last. */
  errors: readonly ErrorSent[];
}>;

const NOBODY: Person = { name: '', presence: 'absent', muted: false, holding: false };
const UNKNOWN: Part = { state: 'waiting', text: '', lagMs: 0 };

export function newCall(id: string, role: Role): Call {
  return {
    id,
    role,
    epoch: '',
    lastSeq: 0,
    version: '',
    partner: NOBODY,
    customer: null,
    lines: [],
    pending: [],
    advice: [],
    mood: { readings: [], trend: 'flat' },
    warnings: [],
    summary: null,
    checklist: null,
    supervision: { following: 0, hearing: 0, names: [] },
    recording: { state: 'off', choice: false },
    call: UNKNOWN,
    speech: UNKNOWN,
    suggestions: UNKNOWN,
    errors: [],
  };
}

export function spokenLine(message: Transcript): SpokenLine {
  return {
    kind: 'speech',
    id: message.id,
    atMs: message.start_ms,
    speaker: message.speaker,
    text: message.text,
    isFinal: message.is_final,
    failed: message.failed,
    endMs: message.end_ms,
    language: message.language,
    confidence: message.confidence,
  };
}

export function partnerOf(role: Role): Role {
  return role === 'agent' ? 'customer' : 'agent';
}

export function hasEnded(call: Call): boolean {
  return call.call.state === 'ended';
}

/** The warning that belongs on the screen: the newest that is not put away or over. */
export function currentWarning(call: Call): Warning | null {
  const open = call.warnings.filter((one) => !one.isOver && one.verdict !== 'dismissed');
  return open.at(-1) ?? null;
}

/** In which language what somebody says is recognised; '' while nothing was. */
export function languageOf(call: Call, speaker: Role): string {
  const line = call.lines.findLast(
    (other) => other.kind === 'speech' && other.speaker === speaker && other.language !== '',
  );
  return line?.kind === 'speech' ? line.language : '';
}

/** The advice that belongs on the screen: the newest that was not put away or overtaken. */
/** What was said in the line with this id; '' where there is none. */
export function saidIn(call: Call, id: string | undefined): string {
  const line = call.lines.find((other) => other.id === id);
  return line?.kind === 'speech' ? line.text : '';
}

export function currentAdvice(call: Call): Advice | null {
  const newest = call.advice.at(-1);
  if (newest === undefined || newest.verdict === 'dismissed') return null;
  return newest.status === 'superseded' ? null : newest;
}
