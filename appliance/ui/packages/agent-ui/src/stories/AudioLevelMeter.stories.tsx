import type { Meta, StoryObj } from '@storybook/react-vite';
import { AudioLevelMeter } from '../components/AudioLevelMeter';

const meta: Meta<typeof AudioLevelMeter> = { component: AudioLevelMeter };
export default meta;
type Story = StoryObj<typeof AudioLevelMeter>;

export const Silent: Story = { args: { level: 0, label: 'Your voice' } };
export const Speaking: Story = { args: { level: 0.6, label: 'Your voice' } };
export const TooLoud: Story = { args: { level: 1, label: 'Your voice' } };
export const Muted: Story = { args: { level: 0.6, label: 'Your voice', muted: true } };
