import type { Meta, StoryObj } from '@storybook/react-vite';
import { Button } from '../components/Button';

const meta: Meta<typeof Button> = { component: Button, args: { children: 'Answer' } };
export default meta;
type Story = StoryObj<typeof Button>;

export const Plain: Story = {};
export const Primary: Story = { args: { look: 'primary' } };
export const Danger: Story = { args: { look: 'danger' } };
export const Quiet: Story = { args: { look: 'quiet' } };
export const Large: Story = { args: { look: 'primary', size: 'large' } };
export const Disabled: Story = { args: { look: 'primary', disabled: true } };
