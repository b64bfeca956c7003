import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatMessage } from '../components/ChatMessage';

const meta: Meta<typeof ChatMessage> = { component: ChatMessage };
export default meta;
type Story = StoryObj<typeof ChatMessage>;

export const FromAgent: Story = { args: { text: 'Your reference is 4711.', speaker: 'agent' } };
export const FromCustomer: Story = { args: { text: 'Thank you.', speaker: 'customer' } };
export const Sending: Story = {
  args: { text: 'One moment please.', speaker: 'agent', sending: true },
};
export const Long: Story = { args: { text: 'very-long-word-'.repeat(80), speaker: 'agent' } };
export const RightToLeft: Story = {
  args: { text: 'شكرا جزيلا، الرقم هو 4711.', speaker: 'customer' },
};
export const Markup: Story = {
  args: { text: '<img src=x onerror=alert(1)>', speaker: 'customer' },
};
