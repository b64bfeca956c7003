import { useAppTexts } from '../texts/Texts';

const LOOKS: Readonly<Record<string, string>> = {
  live: 'good',
  starting: 'warn',
  degraded: 'warn',
  paused: 'warn',
  failed: 'bad',
  failing: 'bad',
};

/** How a part of the box is doing, in a word. */
export function BoxState({ state }: Readonly<{ state: string }>) {
  const { dashboard } = useAppTexts();
  return (
    <span className={`au-badge au-badge--${LOOKS[state] ?? 'plain'}`}>
      {dashboard.states[state] ?? state}
    </span>
  );
}
