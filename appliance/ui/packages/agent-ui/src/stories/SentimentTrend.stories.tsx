import type { Meta, StoryObj } from '@storybook/react-vite';
import { receive } from '../call/advance';
import type { Line, MoodReading } from '../call/state';
import { newCall } from '../call/state';
import { SentimentTrend } from '../components/SentimentTrend';
import { said } from '../testing/messages';
import { LINES, LONG_LINES, RTL_LINES, read } from './examples';

const meta: Meta<typeof SentimentTrend> = {
  component: SentimentTrend,
  args: { lines: LINES, onShow: () => {} },
};
export default meta;
type Story = StoryObj<typeof SentimentTrend>;

const many = (count: number): MoodReading[] =>
  Array.from({ length: count }, (_, n) =>
    read(`t${n + 1}`, n % 3 === 0 ? 'neutral' : n < count / 2 ? 'negative' : 'positive'),
  );
const manyLines: readonly Line[] = Array.from({ length: 60 }, (_, n) =>
  said(n + 1, `Line ${n + 1} of a long call.`),
).reduce(receive, newCall('c1', 'agent')).lines;

export const Empty: Story = { args: { mood: { readings: [], trend: 'flat' } } };
export const One: Story = { args: { mood: { readings: [read('t5', 'neutral')], trend: 'flat' } } };
export const Better: Story = {
  args: { mood: { readings: many(60), trend: 'up' }, lines: manyLines },
};
export const Worse: Story = {
  args: {
    mood: { readings: [read('t2', 'negative'), read('t5', 'negative')], trend: 'down' },
  },
};
export const LongWords: Story = {
  args: { mood: { readings: [read('t1', 'negative')], trend: 'flat' }, lines: LONG_LINES },
};
export const RightToLeft: Story = {
  args: { mood: { readings: [read('t1', 'negative')], trend: 'flat' }, lines: RTL_LINES },
};
