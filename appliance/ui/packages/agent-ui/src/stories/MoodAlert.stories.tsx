import type { Meta, StoryObj } from '@storybook/react-vite';
import { MoodAlert } from '../components/MoodAlert';
import { LINES, LONG_LINES, RTL_LINES, WARNING } from './examples';

const meta: Meta<typeof MoodAlert> = {
  component: MoodAlert,
  args: { warning: WARNING, lines: LINES, onShow: () => {}, onDismiss: () => {} },
};
export default meta;
type Story = StoryObj<typeof MoodAlert>;

export const Nothing: Story = { args: { warning: null } };
export const Raised: Story = {};
export const LongWords: Story = {
  args: { lines: LONG_LINES, warning: { ...WARNING, lines: ['t1', 't2'] } },
};
export const RightToLeft: Story = {
  args: { lines: RTL_LINES, warning: { ...WARNING, lines: ['t1', 't3'] } },
};
