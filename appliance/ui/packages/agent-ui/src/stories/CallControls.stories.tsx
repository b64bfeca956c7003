import type { Meta, StoryObj } from '@storybook/react-vite';
import { CallControls } from '../components/CallControls';

const nothing = () => {};
const meta: Meta<typeof CallControls> = {
  component: CallControls,
  args: { muted: false, onMute: nothing, onEnd: nothing },
};
export default meta;
type Story = StoryObj<typeof CallControls>;

export const Customer: Story = {};
export const Agent: Story = { args: { onHold: nothing, onPause: nothing } };
export const EverythingOn: Story = {
  args: { muted: true, holding: true, paused: true, onHold: nothing, onPause: nothing },
};
export const Disabled: Story = { args: { disabled: true, onHold: nothing, onPause: nothing } };
