import type { Connection } from '../call/port';
import { useTexts } from '../texts/Texts';

const LOOKS: Readonly<Record<Connection, string>> = {
  connecting: 'warn',
  open: 'good',
  retrying: 'bad',
  replaced: 'warn',
  refused: 'bad',
  closed: 'plain',
};

export function ConnectionBadge({ connection }: Readonly<{ connection: Connection }>) {
  const texts = useTexts();
  return (
    <span className={`au-badge au-badge--${LOOKS[connection]}`} role="status">
      {texts.connection[connection]}
    </span>
  );
}
