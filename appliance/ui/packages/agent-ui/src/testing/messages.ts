/** Messages of a box, for tests and stories. */

import type {
  AiSuggestion,
  Alert,
  ChatLine,
  Hello,
  Sentiment,
  Summary,
  Transcript,
} from '../wire/types';

export const hello = (fields: Partial<Hello> = {}): Hello => ({
  type: 'hello',
  seq: 0,
  call_id: 'c1',
  role: 'agent',
  epoch: 'e1',
  last_seq: 0,
  next_audio_seq: 0,
  partner: null,
  speech: 'live',
  suggestions: 'live',
  version: '0.1.0',
  ...fields,
});

export const said = (seq: number, text: string, fields: Partial<Transcript> = {}): Transcript => ({
  type: 'transcript',
  seq,
  id: `t${seq}`,
  speaker: 'customer',
  text,
  is_final: true,
  start_ms: seq * 1000,
  end_ms: seq * 1000 + 500,
  language: 'en',
  confidence: 0.9,
  words: [],
  failed: false,
  ...fields,
});

export const advised = (
  seq: number,
  suggestion: string,
  fields: Partial<AiSuggestion> = {},
): AiSuggestion => ({
  type: 'ai_suggestion',
  seq,
  id: 'a1',
  answers: 't1',
  action: 'ask',
  suggestion,
  reasoning: '',
  confidence: 0.8,
  is_final: false,
  status: 'streaming',
  sources: [],
  trigger: '',
  ...fields,
});

export const chatted = (seq: number, text: string, fields: Partial<ChatLine> = {}): ChatLine => ({
  type: 'chat',
  seq,
  id: `chat-${seq}`,
  speaker: 'agent',
  text,
  at_ms: seq * 1000,
  ref: '',
  ...fields,
});

export const felt = (
  seq: number,
  id: string,
  label: Sentiment['label'],
  fields: Partial<Sentiment> = {},
): Sentiment => ({
  type: 'sentiment',
  seq,
  id,
  label,
  score: label === 'negative' ? -0.7 : 0.1,
  confidence: 0.8,
  source: 'qwen2.5-0.5b',
  quarters: [null, null, null, null],
  trend: 'flat',
  call_score: 0,
  ...fields,
});

export const alerted = (seq: number, fields: Partial<Alert> = {}): Alert => ({
  type: 'alert',
  seq,
  id: 'mood-1',
  kind: 'mood',
  state: 'raised',
  lines: ['t1', 't2'],
  text: 'The customer reads as unhappy.',
  severity: 'warning',
  to: ['agent', 'supervisor'],
  rule: '',
  ...fields,
});

export const summed = (seq: number, fields: Partial<Summary> = {}): Summary => ({
  type: 'summary',
  seq,
  id: 'transfer-1',
  purpose: 'transfer',
  source: 'quotes',
  situation: [],
  action: [],
  follow_ups: [],
  facts: [],
  resolution: '',
  resolution_confidence: 0,
  disposition: '',
  disposition_confidence: 0,
  removed: 0,
  is_final: true,
  ...fields,
});
