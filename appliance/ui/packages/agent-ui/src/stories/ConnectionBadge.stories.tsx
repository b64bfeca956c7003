import type { Meta, StoryObj } from '@storybook/react-vite';
import { ConnectionBadge } from '../components/ConnectionBadge';

const meta: Meta<typeof ConnectionBadge> = { component: ConnectionBadge };
export default meta;
type Story = StoryObj<typeof ConnectionBadge>;

export const Connecting: Story = { args: { connection: 'connecting' } };
export const Connected: Story = { args: { connection: 'open' } };
export const Lost: Story = { args: { connection: 'retrying' } };
export const ElsewhereOpen: Story = { args: { connection: 'replaced' } };
export const NotFound: Story = { args: { connection: 'refused' } };
export const Ended: Story = { args: { connection: 'closed' } };
