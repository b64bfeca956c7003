/** What is filled in and sent, by its button or by Ctrl and Enter. */

import type { KeyboardEvent, ReactNode } from 'react';
import { clsx } from '../clsx';

type Props = Readonly<{ className?: string; onSend: () => void; children: ReactNode }>;

export function Form({ className, onSend, children }: Props) {
  return (
    <form
      className={clsx('form', className)}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      onKeyDown={sendByKey}
    >
      {children}
    </form>
  );
}

/** In a text of several lines Enter alone is a new line. */
function sendByKey(event: KeyboardEvent<HTMLFormElement>): void {
  const sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (sends && !event.repeat) event.currentTarget.requestSubmit();
}
