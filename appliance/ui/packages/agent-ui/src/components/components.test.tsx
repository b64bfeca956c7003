// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Advice, Part } from '../call/state';
import { ADVICE, CUSTOMER } from '../stories/examples';
import { de } from '../texts/de';
import { en } from '../texts/en';
import { TextsContext } from '../texts/Texts';
import { AISuggestionPanel } from './AISuggestionPanel';
import { AudioLevelMeter } from './AudioLevelMeter';
import { CallControls } from './CallControls';
import { ChatMessage } from './ChatMessage';
import { CustomerInfoCard } from './CustomerInfoCard';
import { clock, initials } from './format';
import { type Mood, SentimentTrend, soundsUnhappy, trendOf } from './SentimentTrend';

afterEach(cleanup);

const LIVE: Part = { state: 'live', text: '', lagMs: 0 };

function advice(shown: Advice | null, part = LIVE) {
  const did = {
    onUse: vi.fn(),
    onCopy: vi.fn(),
    onDismiss: vi.fn(),
    onStop: vi.fn(),
    onAsk: vi.fn(),
  };
  render(<AISuggestionPanel advice={shown} part={part} {...did} />);
  return did;
}

test('advice that is ready can be used, copied and put away with a reason', () => {
  const did = advice(ADVICE);
  fireEvent.click(screen.getByText(en.advice.use));
  fireEvent.click(screen.getByText(en.advice.copy));
  fireEvent.click(screen.getByText(en.advice.dismiss));
  fireEvent.click(screen.getByText(en.advice.reasons.late));
  expect(did.onUse).toHaveBeenCalledWith(ADVICE);
  expect(did.onCopy).toHaveBeenCalledWith(ADVICE);
  expect(did.onDismiss).toHaveBeenCalledWith(ADVICE, 'late');
});

test('advice that is being written can only be stopped', () => {
  const did = advice({ ...ADVICE, status: 'streaming', isFinal: false });
  expect(screen.queryByText(en.advice.use)).toBeNull();
  fireEvent.click(screen.getByText(en.advice.stop));
  expect(did.onStop).toHaveBeenCalled();
});

test('where advice is off, the panel says so and takes no questions', () => {
  advice(null, { ...LIVE, state: 'off' });
  expect(screen.getByRole('status').textContent).toBe(en.advice.off);
  expect(screen.getByLabelText<HTMLInputElement>(en.advice.question).disabled).toBe(true);
});

test('a confidence that makes no sense is shown within bounds', () => {
  advice({ ...ADVICE, confidence: 17 });
  expect(screen.getByText(en.advice.sure(100))).toBeTruthy();
});

test('markup in a name, a line or a piece of advice is text', () => {
  const evil = '<img src=x onerror="document.title=1">';
  advice({ ...ADVICE, suggestion: evil });
  render(<CustomerInfoCard person={{ ...CUSTOMER, name: evil }} earlier={[]} reason={evil} />);
  render(<ChatMessage text={evil} speaker="customer" />);
  expect(document.querySelectorAll('img')).toHaveLength(0);
  expect(screen.getAllByText(evil)).toHaveLength(4);
});

test('a control says what a click on it will do', () => {
  const onMute = vi.fn();
  render(<CallControls muted onMute={onMute} onEnd={() => {}} />);
  fireEvent.click(screen.getByText(en.controls.unmute));
  expect(onMute).toHaveBeenCalledWith(false);
  expect(screen.queryByText(en.controls.hold)).toBeNull();
});

test.each([
  [0.5, false, '56'],
  [9, false, '100'],
  [-1, false, '0'],
  [0.5, true, '0'],
])('a level of %f, muted %s, reads %s', (level, muted, reads) => {
  render(<AudioLevelMeter level={level} muted={muted} label="Your voice" />);
  expect(screen.getByRole('meter').getAttribute('aria-valuenow')).toBe(reads);
});

const moods = (...scores: number[]): Mood[] =>
  scores.map((score, n) => ({ id: `${n}`, atMs: n, score }));

test('one sharp word is not a mood, two of three are', () => {
  expect(soundsUnhappy(moods(0, -0.9, 0))).toBe(false);
  expect(soundsUnhappy(moods(-0.9, 0, -0.9))).toBe(true);
  render(<SentimentTrend moods={moods(-0.9, -0.9)} />);
  expect(screen.getByRole('status').textContent).toBe(en.mood.alert);
});

test('a trend needs a few readings', () => {
  expect(trendOf(moods(-1, 1))).toBe('steady');
  expect(trendOf(moods(-1, -1, 0, 1))).toBe('better');
  expect(trendOf(moods(1, 1, 0, -1))).toBe('worse');
});

test('times and initials are short', () => {
  expect([clock(0), clock(187_000), clock(3_787_000), clock(-5)]).toEqual([
    '0:00',
    '3:07',
    '1:03:07',
    '0:00',
  ]);
  expect([initials('Arthur Example'), initials('ada'), initials('  ')]).toEqual(['AE', 'A', '?']);
});

test('another language is another set of texts', () => {
  render(
    <TextsContext value={de}>
      <ChatMessage text="Hallo" speaker="agent" sending />
    </TextsContext>,
  );
  expect(screen.getByText(de.transcript.sending)).toBeTruthy();
});
