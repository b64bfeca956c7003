import type { Meta, StoryObj } from '@storybook/react-vite';
import { RecordingSign } from '../components/RecordingSign';

const meta: Meta<typeof RecordingSign> = {
  component: RecordingSign,
  args: { viewer: 'agent', onChange: () => undefined },
};
export default meta;
type Story = StoryObj<typeof RecordingSign>;

export const NotAgreedYet: Story = { args: { recording: { state: 'waiting', choice: true } } };
export const Records: Story = { args: { recording: { state: 'on', choice: true } } };
export const EveryCall: Story = { args: { recording: { state: 'on', choice: false } } };
export const Payment: Story = {
  args: { recording: { state: 'on', choice: false }, paused: true },
};
export const Stopped: Story = { args: { recording: { state: 'stopped', choice: true } } };
export const NoRoom: Story = { args: { recording: { state: 'failing', choice: true } } };
export const ToTheCustomer: Story = {
  args: { recording: { state: 'waiting', choice: true }, viewer: 'customer' },
};
