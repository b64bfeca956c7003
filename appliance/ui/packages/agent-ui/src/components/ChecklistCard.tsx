import { useTexts } from '../texts/Texts';
import type { Checklist, ChecklistItem } from '../wire/types';
import { clock } from './format';

type Props = Readonly<{
  checklist: Checklist;
  onShow: (line: string) => void;
  /** Without it the list only shows. */
  onTick?: (item: string, on: boolean) => void;
}>;

/** What is to be done in this call. It ticks itself; a person may know better. */
export function ChecklistCard({ checklist, onShow, onTick }: Props) {
  const { rules } = useTexts();
  const { items, score } = checklist;
  return (
    <section className="au-card au-checklist" aria-label={rules.label}>
      <div className="au-checklist__head">
        <h2 className="au-card__title">{rules.label}</h2>
        {score !== null && (
          <span className="au-checklist__score" title={rules.scoreAbout}>
            {rules.score(score)}
          </span>
        )}
      </div>
      <ul className="au-checklist__items">
        {items.map((item, n) => (
          <li key={item.id} className={`au-checklist__item au-checklist__item--${item.state}`}>
            <label className="au-checklist__label">
              <input
                type="checkbox"
                className="au-focus"
                data-shortcut={n === 0 ? 'checklist' : undefined}
                checked={isTicked(item)}
                disabled={onTick === undefined}
                onChange={(event) => onTick?.(item.id, event.target.checked)}
              />
              <span dir="auto">{item.text}</span>
            </label>
            <Note item={item} onShow={onShow} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isTicked({ state }: ChecklistItem): boolean {
  return state === 'done' || state === 'late';
}

/** When, why, and the line that did it. */
function Note({ item, onShow }: Readonly<{ item: ChecklistItem; onShow: (line: string) => void }>) {
  const { rules, mood } = useTexts();
  if (item.by === null) return null;
  const words = item.by === 'hand' ? rules.byHand : rules.states[item.state];
  const time = <time>{clock(item.at_ms)}</time>;
  return (
    <span className="au-checklist__note">
      {words}{' '}
      {item.line === '' ? (
        time
      ) : (
        <button
          type="button"
          className="au-checklist__show au-focus"
          title={mood.show}
          onClick={() => onShow(item.line)}
        >
          {time}
          <span className="au-visually-hidden">
            {' '}
            {mood.show}: {item.text}
          </span>
        </button>
      )}
    </span>
  );
}
