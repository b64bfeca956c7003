import type { Meta, StoryObj } from '@storybook/react-vite';
import { TranscriptView } from '../components/TranscriptView';
import { LINES, LONG_LINES, MANY_LINES, RTL_LINES, read } from './examples';

const meta: Meta<typeof TranscriptView> = {
  component: TranscriptView,
  args: { lines: LINES, viewer: 'agent', names: { customer: 'Arthur Example' } },
  decorators: [
    (Story) => (
      <div style={{ display: 'flex', height: 480, background: 'var(--au-surface)' }}>
        <Story />
      </div>
    ),
  ],
};
export default meta;
type Story = StoryObj<typeof TranscriptView>;

export const InMidCall: Story = {};
export const WithMoods: Story = {
  args: { readings: [read('t2', 'negative'), read('t5', 'positive')], shown: { line: 't2' } },
};
export const Empty: Story = { args: { lines: [] } };
export const Sending: Story = { args: { pending: [{ ref: 'r', text: 'One moment please.' }] } };
export const CustomersView: Story = { args: { viewer: 'customer', names: { agent: 'Helen' } } };
export const Long: Story = { args: { lines: LONG_LINES } };
export const RightToLeft: Story = { args: { lines: RTL_LINES } };
export const TwoHours: Story = { args: { lines: MANY_LINES } };
