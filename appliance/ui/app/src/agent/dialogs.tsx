/** Ending a call, and the list of keys. */

import { Button } from '@agent/ui';
import type { Ref } from 'react';
import { useAppTexts } from '../texts/Texts';

export function EndDialog({
  ref,
  onEnd,
}: Readonly<{ ref: Ref<HTMLDialogElement>; onEnd: () => void }>) {
  const { call } = useAppTexts();
  return (
    <dialog ref={ref} className="dialog" aria-labelledby="end-title">
      <form method="dialog" className="dialog__form">
        <h2 id="end-title">{call.endTitle}</h2>
        <p className="au-empty">{call.endText}</p>
        <div className="dialog__do">
          <Button type="submit">{call.endNo}</Button>
          <Button type="submit" look="danger" onClick={onEnd}>
            {call.endYes}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

export function HelpDialog({ ref }: Readonly<{ ref: Ref<HTMLDialogElement> }>) {
  const { shortcuts, settings } = useAppTexts();
  const keys = [
    ['M', shortcuts.mute],
    ['H', shortcuts.hold],
    ['P', shortcuts.pause],
    ['Q', shortcuts.quiet],
    ['/', shortcuts.chat],
    ['A', shortcuts.ask],
    ['L', shortcuts.checklist],
    ['S', shortcuts.stop],
    ['U', shortcuts.use],
    ['C', shortcuts.copy],
    ['T', shortcuts.summarise],
    ['E', shortcuts.end],
    ['Enter', shortcuts.answer],
    ['?', shortcuts.help],
  ] as const;
  return (
    <dialog ref={ref} className="dialog" aria-labelledby="help-title">
      <form method="dialog" className="dialog__form">
        <h2 id="help-title">{shortcuts.title}</h2>
        <dl className="keys">
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd className="au-key">{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <Button type="submit" look="primary">
          {settings.close}
        </Button>
      </form>
    </dialog>
  );
}
