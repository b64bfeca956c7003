// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Advice, Part } from '../call/state';
import { newCall, spokenLine } from '../call/state';
import { ADVICE, CHECKLIST, CUSTOMER, LINES, read, WARNING } from '../stories/examples';
import { said } from '../testing/messages';
import { de } from '../texts/de';
import { en } from '../texts/en';
import { TextsContext } from '../texts/Texts';
import { AISuggestionPanel } from './AISuggestionPanel';
import { AlertCard } from './AlertCard';
import { AudioLevelMeter } from './AudioLevelMeter';
import { CallControls } from './CallControls';
import { ChatMessage } from './ChatMessage';
import { ChecklistCard } from './ChecklistCard';
import { CustomerInfoCard } from './CustomerInfoCard';
import { clock, initials } from './format';
import { HeardIn } from './HeardIn';
import { SentimentTrend } from './SentimentTrend';
import { SupervisionSign } from './SupervisionSign';

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

test('advice shows the article it is from, the passage and what led to it', () => {
  const did = { onUse: vi.fn(), onCopy: vi.fn(), onDismiss: vi.fn(), onStop: vi.fn() };
  render(
    <AISuggestionPanel
      advice={ADVICE}
      trigger="I have lost my card."
      part={LIVE}
      {...did}
      onAsk={vi.fn()}
    />,
  );
  expect(screen.getByText('Lost or stolen card › Steps')).toBeTruthy();
  expect(screen.getAllByRole('listitem', { hidden: true })[0]?.textContent).toBe('Block the card.');
  expect(screen.getByText(`${en.advice.trigger}: I have lost my card.`)).toBeTruthy();
});

test('advice that no article backs says so', () => {
  advice({ ...ADVICE, sources: [] });
  expect(screen.getByText(en.advice.ungrounded)).toBeTruthy();
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

test('an alert is announced politely, says what was said and when, and can be put away', () => {
  const did = { onShow: vi.fn(), onDismiss: vi.fn() };
  const shown = (warning: typeof WARNING | null) => (
    <AlertCard warning={warning} lines={LINES} {...did} />
  );
  const { rerender } = render(shown(null));
  const status = screen.getByRole('status');
  expect(status.textContent).toBe('');
  rerender(shown(WARNING));
  // The same element: one that comes with its text is not announced.
  expect(screen.getByRole('status')).toBe(status);
  expect(status.textContent).toBe(en.mood.alert);
  fireEvent.click(screen.getByText(/I have lost my card/));
  expect(did.onShow).toHaveBeenCalledWith('t2');
  expect(screen.getByText('0:05')).toBeTruthy();
  fireEvent.click(screen.getByText(en.mood.dismiss));
  expect(did.onDismiss).toHaveBeenCalledWith(WARNING);
});

test('an alert of a rule says it in the words of the site, or that nobody can tell', () => {
  const warning = { ...WARNING, kind: 'rule', text: 'Say it.', lines: [] } as const;
  const did = { onShow: vi.fn(), onDismiss: vi.fn() };
  const { rerender } = render(<AlertCard warning={warning} lines={LINES} {...did} />);
  expect(screen.getByRole('region').getAttribute('aria-label')).toBe('Say it.');
  rerender(<AlertCard warning={{ ...warning, isUnchecked: true }} lines={LINES} {...did} />);
  expect(screen.getByRole('status').textContent).toBe(en.rules.unchecked('Say it.'));
});

test('the checklist shows what ticked an item, and an agent may tick it', () => {
  const did = { onShow: vi.fn(), onTick: vi.fn() };
  const { rerender } = render(<ChecklistCard checklist={CHECKLIST} {...did} />);
  expect(screen.getByText(en.rules.score(50))).toBeTruthy();
  expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(2);
  fireEvent.click(screen.getByText('0:12'));
  expect(did.onShow).toHaveBeenCalledWith('t2');
  fireEvent.click(screen.getByLabelText('Say that the call is recorded'));
  expect(did.onTick).toHaveBeenCalledWith('recording', true);
  fireEvent.click(screen.getByLabelText('Ask for the full name'));
  expect(did.onTick).toHaveBeenCalledWith('name', false);
  rerender(<ChecklistCard checklist={CHECKLIST} onShow={did.onShow} />);
  for (const box of screen.getAllByRole('checkbox')) {
    expect((box as HTMLInputElement).disabled).toBe(true);
  }
});

test('the mood is a word and a trend, and each marked line can be found', () => {
  const onShow = vi.fn();
  const readings = [read('t2', 'negative'), read('t5', 'neutral')];
  render(<SentimentTrend mood={{ readings, trend: 'up' }} lines={LINES} onShow={onShow} />);
  expect(screen.getByText(en.mood.labels.neutral)).toBeTruthy();
  expect(screen.getByText(en.mood.better)).toBeTruthy();
  expect(screen.getAllByRole('button')).toHaveLength(1);
  fireEvent.click(screen.getByText(/I have lost my card/));
  expect(onShow).toHaveBeenCalledWith('t2');
});

test('a reading of a line that this screen does not have is drawn and not quoted', () => {
  render(
    <SentimentTrend
      mood={{ readings: [read('t99', 'negative')], trend: 'flat' }}
      lines={LINES}
      onShow={() => {}}
    />,
  );
  expect(screen.queryAllByRole('button')).toHaveLength(0);
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe(en.mood.chart(1));
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

test.each([
  [{ following: 2, hearing: 1, names: ['Sam', '<b>Tom</b>'] }, /is listening: Sam, <b>Tom<.b>\./],
  [{ following: 1, hearing: 0, names: [] }, /is reading along\.$/],
])('a supervisor who follows is named to whoever may know', (supervision, words) => {
  render(<SupervisionSign supervision={supervision} />);
  expect(screen.getByRole('status').textContent).toMatch(words);
});

test('where nobody follows nothing is said', () => {
  render(<SupervisionSign supervision={{ following: 0, hearing: 0, names: [] }} />);
  expect(screen.getByRole('status').textContent).toBe('');
});

test('a language that is none is shown as it came, and stops no page', () => {
  const lines = [spokenLine(said(1, 'Hm', { language: '"><img>' }))];
  const call = { ...newCall('c1', 'agent'), lines };
  const { container } = render(<HeardIn call={call} />);
  expect(container.textContent).toContain('"><img>');
});
