import type { Meta, StoryObj } from '@storybook/react-vite';
import { AlertCard } from '../components/AlertCard';
import { LINES, LONG_LINES, RTL_LINES, WARNING } from './examples';

const meta: Meta<typeof AlertCard> = {
  component: AlertCard,
  args: { warning: WARNING, lines: LINES, onShow: () => {}, onDismiss: () => {} },
};
export default meta;
type Story = StoryObj<typeof AlertCard>;

export const Nothing: Story = { args: { warning: null } };
export const Raised: Story = {};
export const LongWords: Story = {
  args: { lines: LONG_LINES, warning: { ...WARNING, lines: ['t1', 't2'] } },
};
export const RightToLeft: Story = {
  args: { lines: RTL_LINES, warning: { ...WARNING, lines: ['t1', 't3'] } },
};

export const OfARule: Story = {
  args: {
    warning: {
      ...WARNING,
      id: 'rule-1',
      kind: 'rule',
      severity: 'critical',
      text: 'The customer has not been told that the call is recorded.',
      lines: [],
    },
  },
};
export const Unchecked: Story = {
  args: {
    warning: {
      ...WARNING,
      id: 'rule-1',
      kind: 'rule',
      severity: 'info',
      text: 'The customer has not been told that the call is recorded.',
      lines: [],
      isUnchecked: true,
    },
  },
};
