import type { Meta, StoryObj } from '@storybook/react-vite';
import { SentimentTrend } from '../components/SentimentTrend';

const meta: Meta<typeof SentimentTrend> = { component: SentimentTrend };
export default meta;
type Story = StoryObj<typeof SentimentTrend>;

const moods = (...scores: number[]) =>
  scores.map((score, n) => ({ id: `m${n}`, atMs: n * 8000, score }));

export const Empty: Story = { args: { moods: [] } };
export const One: Story = { args: { moods: moods(0.2) } };
export const Better: Story = { args: { moods: moods(-0.6, -0.4, 0, 0.1, 0.4, 0.6, 0.7, 0.8) } };
export const Worse: Story = { args: { moods: moods(0.5, 0.4, 0.1, -0.1, -0.5, 0, -0.6, -0.8) } };
