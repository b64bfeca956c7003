import type { Summary } from '@agent/ui';
import { describe, expect, it } from 'vitest';
import { en } from '../texts/en';
import { draftText } from './draft';

const DRAFT: Summary = {
  type: 'summary',
  seq: 9,
  id: 'wrap_up-1',
  purpose: 'wrap_up',
  source: 'qwen',
  situation: [{ text: 'Customer is asking for a refund.', lines: ['u1'], quoted: false }],
  action: [{ text: 'I sent it back.', lines: ['u2'], quoted: true }],
  follow_ups: [{ text: 'You will get $25.', lines: ['u3'], quoted: true }],
  facts: [{ kind: 'amount', text: '$25', line: 'u3' }],
  resolution: 'partly',
  resolution_confidence: 0.8,
  disposition: 'follow_up',
  disposition_confidence: 0.5,
  removed: 0,
  is_final: true,
};

describe('the text of a draft', () => {
  it('has what was written, and in quotes what was said', () => {
    expect(draftText(DRAFT, en.summary)).toBe(
      [
        'Customer is asking for a refund.',
        'Agent: “I sent it back.”',
        'Follow-up: “You will get $25.”',
        'Resolved: Partly',
        'Details: $25',
      ].join('\n'),
    );
  });

  it('leaves out what the model is not sure of, and what there is not', () => {
    const bare = { ...DRAFT, resolution_confidence: 0.5, action: [], follow_ups: [], facts: [] };
    expect(draftText(bare, en.summary)).toBe('Customer is asking for a refund.');
  });
});
