import type { Meta, StoryObj } from '@storybook/react-vite';
import { CustomerSearch } from '../components/CustomerSearch';
import { CANDIDATES } from './examples';

const meta: Meta<typeof CustomerSearch> = {
  component: CustomerSearch,
  args: { query: 'arthur', found: CANDIDATES, onQuery: () => {}, onChoose: () => {} },
};
export default meta;
type Story = StoryObj<typeof CustomerSearch>;

export const Found: Story = {};
export const Empty: Story = { args: { query: '', found: null } };
export const Loading: Story = { args: { found: 'loading' } };
export const Nobody: Story = { args: { found: [] } };
export const Failed: Story = { args: { found: 'failed' } };
