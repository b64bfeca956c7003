/** The whole behaviour of the screen: a call and a message in, the next call out. */

import type {
  AiSuggestion,
  Alert,
  ChatLine,
  ErrorSent,
  Hello,
  Partner,
  Sentiment,
  ServerMessage,
  Status,
  Supervised,
  Transcript,
} from '../wire/types';
import {
  type Advice,
  type Call,
  type Fate,
  type Line,
  newCall,
  type Part,
  type Person,
  partnerOf,
  spokenLine,
  type Verdict,
  type Warning,
} from './state';

/** Refusals kept for the person to read; a page that sends nonsense must not grow. */
const MAX_ERRORS = 20;

/**
 * One message from the box. What was seen before changes nothing, so that a resumed socket
 * or a snapshot may overlap with what is there.
 */
export function receive(call: Call, message: ServerMessage): Call {
  if (message.seq === 0) return advance(call, message);
  if (message.seq <= call.lastSeq) return call;
  return { ...advance(call, message), lastSeq: message.seq };
}

/** The same without looking at `seq`: for a record, whose order is known. */
export function advance(call: Call, message: ServerMessage): Call {
  switch (message.type) {
    case 'hello':
      return greeted(call, message);
    case 'partner':
      return withPartner(call, message);
    case 'transcript':
      return withWords(call, message);
    case 'ai_suggestion':
      return withAdvice(call, message);
    case 'chat':
      return withChat(call, message);
    case 'gap':
      return withLine(call, {
        kind: 'gap',
        id: `gap-${message.speaker}-${message.start_ms}`,
        atMs: message.start_ms,
        speaker: message.speaker,
        endMs: message.end_ms,
        reason: message.reason,
      });
    case 'sentiment':
      return withReading(call, message);
    case 'alert':
      return withAlert(call, message);
    case 'checklist':
      return { ...call, checklist: message };
    case 'status':
      return { ...call, [message.part]: partOf(message) };
    case 'supervised':
      return withSupervision(call, message);
    case 'customer':
      return { ...call, customer: message };
    case 'summary':
      return { ...call, summary: message };
    case 'recording':
      return { ...call, recording: { state: message.state, choice: message.choice } };
    case 'ack':
      return call; // concerns the sound only
    case 'error':
      return withError(call, message);
    default:
      return unreachable(message);
  }
}

/** A line typed here: shown at once, settled when the box shows it back. */
export function typed(call: Call, ref: string, text: string): Call {
  // A page before this one kept it, but the box has it: the record came with the line.
  if (call.lines.some((line) => line.kind === 'chat' && line.ref === ref)) return call;
  return { ...call, pending: [...call.pending, { ref, text }] };
}

/** What became of an advice or a warning; said here, and by the record after a reload. */
export function judged(call: Call, id: string, verdict: Verdict): Call {
  return {
    ...call,
    advice: call.advice.map((advice) => (advice.id === id ? { ...advice, verdict } : advice)),
    warnings: call.warnings.map((one) => (one.id === id ? { ...one, verdict } : one)),
  };
}

/** Whether an advice was said, by the record. */
export function became(call: Call, id: string, fate: Fate): Call {
  return {
    ...call,
    advice: call.advice.map((advice) => (advice.id === id ? { ...advice, fate } : advice)),
  };
}

function greeted(call: Call, hello: Hello): Call {
  // Another epoch: the box has forgotten the numbers, so what we have says nothing.
  const known = call.epoch === '' || call.epoch === hello.epoch;
  const before = known ? call : { ...newCall(call.id, call.role), pending: call.pending };
  return {
    ...before,
    epoch: hello.epoch,
    version: hello.version,
    partner: {
      ...before.partner,
      name: hello.partner ?? before.partner.name,
      presence: hello.partner === null ? absence(before.partner) : 'here',
    },
    speech: { ...before.speech, state: stateOf(hello.speech) },
    suggestions: { ...before.suggestions, state: stateOf(hello.suggestions) },
  };
}

function absence(partner: Person): Person['presence'] {
  return partner.presence === 'here' ? 'away' : partner.presence;
}

const STATES: readonly string[] = ['waiting', 'live', 'degraded', 'paused', 'off', 'ended'];

function stateOf(word: string): Part['state'] {
  return STATES.includes(word) ? (word as Part['state']) : 'live';
}

function withPartner(call: Call, { role, event, name }: Partner): Call {
  if (role !== partnerOf(call.role)) return call;
  const partner = { ...call.partner, ...PARTNER_CHANGES[event] };
  return { ...call, partner: name === '' ? partner : { ...partner, name } };
}

const PARTNER_CHANGES: Readonly<Record<Partner['event'], Partial<Person>>> = {
  joined: { presence: 'here' },
  back: { presence: 'here' },
  away: { presence: 'away' },
  left: { presence: 'left' },
  muted: { muted: true },
  unmuted: { muted: false },
  holding: { holding: true },
  unholding: { holding: false },
};

function withWords(call: Call, message: Transcript): Call {
  const withdrawn = message.is_final && message.text === '' && !message.failed;
  if (!withdrawn) return withLine(call, spokenLine(message));
  return { ...call, lines: call.lines.filter((line) => line.id !== message.id) };
}

function withChat(call: Call, message: ChatLine): Call {
  const { id, speaker, text, ref } = message;
  const mine = speaker === call.role && ref !== '';
  return withLine(
    mine ? { ...call, pending: call.pending.filter((line) => line.ref !== ref) } : call,
    { kind: 'chat', id, atMs: message.at_ms, speaker, text, ref },
  );
}

/** In its place by time; a line that is there already keeps its place. */
function withLine(call: Call, line: Line): Call {
  // From the end: what changes is nearly always among the last lines.
  const there = call.lines.findLastIndex((other) => other.id === line.id);
  if (there >= 0) return { ...call, lines: call.lines.with(there, line) };
  const before = call.lines.findLastIndex((other) => other.atMs <= line.atMs);
  return { ...call, lines: call.lines.toSpliced(before + 1, 0, line) };
}

function withAdvice(call: Call, message: AiSuggestion): Call {
  const there = call.advice.findLastIndex((other) => other.id === message.id);
  const advice: Advice = {
    id: message.id,
    answers: message.answers,
    action: message.action,
    suggestion: message.suggestion,
    reasoning: message.reasoning,
    confidence: message.confidence,
    isFinal: message.is_final,
    status: message.status,
    verdict: call.advice[there]?.verdict ?? null,
    sources: message.sources,
    trigger: message.trigger,
    fate: call.advice[there]?.fate ?? null,
  };
  return {
    ...call,
    advice: there < 0 ? [...call.advice, advice] : call.advice.with(there, advice),
  };
}

function withReading(call: Call, { id, label, score, trend }: Sentiment): Call {
  const others = call.mood.readings.filter(({ line }) => line !== id);
  return { ...call, mood: { readings: [...others, { line: id, label, score }], trend } };
}

function withAlert(call: Call, { id, kind, severity, text, state, lines }: Alert): Call {
  const there = call.warnings.findIndex((other) => other.id === id);
  const verdict = call.warnings[there]?.verdict ?? null;
  const warning: Warning = {
    id,
    kind,
    severity,
    text,
    lines,
    isOver: state === 'over',
    isUnchecked: state === 'unchecked',
    verdict,
  };
  return {
    ...call,
    warnings: there < 0 ? [...call.warnings, warning] : call.warnings.with(there, warning),
  };
}

function withSupervision(call: Call, { to, following, hearing, names }: Supervised): Call {
  // The record has what each of the two was told.
  return to === call.role ? { ...call, supervision: { following, hearing, names } } : call;
}

function withError(call: Call, error: ErrorSent): Call {
  return { ...call, errors: [...call.errors, error].slice(-MAX_ERRORS) };
}

function partOf({ state, text, lag_ms }: Status): Part {
  return { state, text, lagMs: lag_ms };
}

function unreachable(message: never): never {
  throw new Error(`advance.ts does not handle ${JSON.stringify(message)}`);
}
