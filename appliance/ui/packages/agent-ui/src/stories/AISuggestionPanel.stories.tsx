import type { Meta, StoryObj } from '@storybook/react-vite';
import { AISuggestionPanel } from '../components/AISuggestionPanel';
import { ADVICE } from './examples';

const nothing = () => {};
const live = { state: 'live', text: '', lagMs: 0 } as const;
const meta: Meta<typeof AISuggestionPanel> = {
  component: AISuggestionPanel,
  args: {
    advice: ADVICE,
    answers: 'I have lost my card.',
    part: live,
    onUse: nothing,
    onCopy: nothing,
    onDismiss: nothing,
    onStop: nothing,
    onAsk: nothing,
  },
};
export default meta;
type Story = StoryObj<typeof AISuggestionPanel>;

export const Ready: Story = {};
export const Empty: Story = { args: { advice: null } };
export const Writing: Story = {
  args: {
    advice: { ...ADVICE, suggestion: 'I can block', isFinal: false, status: 'streaming' },
  },
};
export const Stopped: Story = { args: { advice: { ...ADVICE, status: 'stopped' } } };
export const Used: Story = { args: { advice: { ...ADVICE, verdict: 'used' } } };
export const JustListen: Story = {
  args: { advice: { ...ADVICE, action: 'none', suggestion: '' } },
};
export const Unavailable: Story = {
  args: { advice: { ...ADVICE, status: 'unavailable' }, part: { ...live, state: 'paused' } },
};
export const Off: Story = { args: { advice: null, part: { ...live, state: 'off' } } };
export const WithEarlier: Story = {
  args: { earlier: [1, 2, 3].map((n) => ({ ...ADVICE, id: `old-${n}` })) },
};
export const Long: Story = {
  args: { advice: { ...ADVICE, suggestion: 'Please check the address again. '.repeat(40) } },
};
export const RightToLeft: Story = {
  args: { advice: { ...ADVICE, suggestion: 'سأقوم بإيقاف البطاقة الآن.' } },
};
