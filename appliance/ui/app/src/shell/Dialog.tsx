/** A dialog that is there for as long as it is drawn. */

import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react';
import { clsx } from '../clsx';

type Props = Readonly<{
  title: string;
  /** Without it only what is in the dialog ends it, and no key does by mistake. */
  onClose?: () => void;
  className?: string;
  children: ReactNode;
}>;

export function Dialog({ title, onClose, className, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  // Before the dialog is taken away: closing it gives the focus back to where it came from.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const refuse = (event: SyntheticEvent) => {
    if (onClose === undefined) event.preventDefault();
  };
  const closed = () => {
    const shown = dialog.current;
    if (shown === null || shown.open) return;
    if (onClose !== undefined) onClose();
    // Pressed twice, Escape closes what did not want to be closed.
    else shown.showModal();
  };
  return (
    <dialog
      ref={dialog}
      className={clsx('dialog', className)}
      aria-labelledby={name}
      onCancel={refuse}
      onClose={closed}
    >
      <div className="dialog__form">
        <h2 id={name} dir="auto">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
