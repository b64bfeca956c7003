import type { Meta, StoryObj } from '@storybook/react-vite';
import { SupervisionSign } from '../components/SupervisionSign';

const meta: Meta<typeof SupervisionSign> = { component: SupervisionSign };
export default meta;
type Story = StoryObj<typeof SupervisionSign>;

export const ReadsAlong: Story = {
  args: { supervision: { following: 1, hearing: 0, names: ['Sam'] } },
};
export const Listens: Story = {
  args: { supervision: { following: 2, hearing: 1, names: ['Sam', 'Maria'] } },
};
export const ToTheCustomer: Story = {
  args: { supervision: { following: 1, hearing: 1, names: [] } },
};
