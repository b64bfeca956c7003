// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { advance } from '../call/advance';
import { newCall } from '../call/state';
import { en } from '../texts/en';
import { RecordingSign } from './RecordingSign';

afterEach(cleanup);

const { states, ask } = en.recording;

test('a page knows whether its call is recorded from the moment it is told', () => {
  const call = newCall('c1', 'customer');
  const told = advance(call, { type: 'recording', seq: 2, state: 'failing', choice: true });
  expect(told.recording).toEqual({ state: 'failing', choice: true });
});

test.each([
  ['agent', 'on', states.agent.on],
  ['agent', 'failing', states.agent.failing],
  ['customer', 'on', states.customer.on],
  ['customer', 'waiting', states.customer.waiting],
] as const)('to the %s, %s is said in words', (viewer, state, words) => {
  render(<RecordingSign recording={{ state, choice: false }} viewer={viewer} />);
  expect(screen.getByRole('status').textContent).toBe(words);
});

test('during a payment nobody is told that the call is recorded', () => {
  render(<RecordingSign recording={{ state: 'on', choice: false }} viewer="agent" paused />);
  expect(screen.getByRole('status').textContent).toBe(states.agent.paused);
});

test.each([
  ['waiting', ask.customer.start, true],
  ['stopped', ask.customer.start, true],
  ['on', ask.customer.stop, false],
] as const)('who decides is asked: %s', (state, words, wanted) => {
  const onChange = vi.fn();
  render(
    <RecordingSign recording={{ state, choice: true }} viewer="customer" onChange={onChange} />,
  );
  fireEvent.click(screen.getByText(words));
  expect(onChange).toHaveBeenCalledWith(wanted);
});

test('where the site has decided there is no button', () => {
  render(
    <RecordingSign recording={{ state: 'on', choice: false }} viewer="agent" onChange={vi.fn()} />,
  );
  expect(screen.queryByRole('button')).toBeNull();
});
