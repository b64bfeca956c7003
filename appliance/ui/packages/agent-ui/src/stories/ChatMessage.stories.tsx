import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChatMessage } from '../components/ChatMessage';

const meta: Meta<typeof ChatMessage> = { component: ChatMessage };
export default meta;
type Story = StoryObj<typeof ChatMessage>;

export const Mine: Story = { args: { text: 'Your reference is 4711.', mine: true } };
export const Theirs: Story = { args: { text: 'Thank you.', mine: false } };
export const Sending: Story = { args: { text: 'One moment please.', mine: true, sending: true } };
export const Long: Story = { args: { text: 'very-long-word-'.repeat(80), mine: true } };
export const RightToLeft: Story = { args: { text: 'شكرا جزيلا، الرقم هو 4711.', mine: false } };
export const Markup: Story = { args: { text: '<img src=x onerror=alert(1)>', mine: false } };
