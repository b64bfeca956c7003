import type { Meta, StoryObj } from '@storybook/react-vite';
import { CustomerInfoCard } from '../components/CustomerInfoCard';
import { CANDIDATES, CARD, CUSTOMER, known } from './examples';

const meta: Meta<typeof CustomerInfoCard> = {
  component: CustomerInfoCard,
  args: { person: CUSTOMER, reason: 'I have lost my bank card', earlier: [], onRetry: () => {} },
};
export default meta;
type Story = StoryObj<typeof CustomerInfoCard>;

const earlier = [
  { id: 'c1', href: '#c1', when: '3 Jan 2026', detail: '4:12' },
  { id: 'c2', href: '#c2', when: '18 Dec 2025', detail: '1:03' },
];

export const FirstCall: Story = {};
export const WithHistory: Story = { args: { earlier } };
export const Loading: Story = { args: { earlier: 'loading' } };
export const Failed: Story = { args: { earlier: 'failed' } };
export const LineDropped: Story = { args: { person: { ...CUSTOMER, presence: 'away' } } };
export const Nameless: Story = { args: { person: { ...CUSTOMER, name: '' }, reason: '' } };
export const Long: Story = {
  args: { person: { ...CUSTOMER, name: 'Example-'.repeat(25) }, reason: 'invoice '.repeat(60) },
};
export const RightToLeft: Story = {
  args: { person: { ...CUSTOMER, name: 'عمر مثال' }, reason: 'لقد فقدت بطاقتي' },
};

const agent = { onChoose: () => {}, onReject: () => {} };
export const Known: Story = { args: { known: known(), earlier, ...agent } };
export const NotKnown: Story = { args: { known: null, ...agent } };
export const LookingUp: Story = { args: { known: 'loading', earlier: 'loading' } };
export const Several: Story = {
  args: { known: known({ card: null, matched: null, candidates: CANDIDATES }), ...agent },
};
export const OneBeside: Story = {
  args: { known: known({ candidates: CANDIDATES.slice(1) }), ...agent },
};
export const KnownLong: Story = {
  args: {
    known: known({
      card: {
        ...CARD,
        name: 'Example-'.repeat(25),
        status: 'account '.repeat(30),
        currency: 'no currency',
        since: 'long ago',
        notes: [{ written: '', author: '', text: 'invoice '.repeat(60) }],
      },
    }),
    ...agent,
  },
};
