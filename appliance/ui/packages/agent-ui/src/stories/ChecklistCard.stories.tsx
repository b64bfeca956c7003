import type { Meta, StoryObj } from '@storybook/react-vite';
import { ChecklistCard } from '../components/ChecklistCard';
import { CHECKLIST, listed } from './examples';

const meta: Meta<typeof ChecklistCard> = {
  component: ChecklistCard,
  args: { checklist: CHECKLIST, onShow: () => {}, onTick: () => {} },
};
export default meta;
type Story = StoryObj<typeof ChecklistCard>;

export const InACall: Story = {};
export const Afterwards: Story = {
  render: ({ checklist, onShow }) => <ChecklistCard checklist={checklist} onShow={onShow} />,
};
export const NothingCounts: Story = {
  args: { checklist: { ...CHECKLIST, items: CHECKLIST.items.slice(3, 4), score: null } },
};
export const LongWords: Story = {
  args: {
    checklist: {
      ...CHECKLIST,
      items: [
        listed('long', 'Explain the right to cancel within fourteen days of the contract, in full'),
        listed('word', 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz', {
          state: 'late',
          by: 'rule',
          at_ms: 4_000_000,
          line: 't2',
        }),
      ],
    },
  },
};
export const RightToLeft: Story = {
  args: { checklist: { ...CHECKLIST, items: [listed('he', 'לבקש את השם המלא')] } },
};
