import type { ReactNode } from 'react';
import type { Person } from '../call/state';
import { useTexts } from '../texts/Texts';
import { Button } from './Button';
import { initials } from './format';

export type EarlierCall = Readonly<{ id: string; href: string; when: string; detail: string }>;

type Props = Readonly<{
  person: Person;
  reason?: string;
  /** 'loading' and 'failed' speak of the earlier calls; the name is always there. */
  earlier: readonly EarlierCall[] | 'loading' | 'failed';
  onRetry?: () => void;
  children?: ReactNode;
}>;

export function CustomerInfoCard({ person, reason = '', earlier, onRetry, children }: Props) {
  const texts = useTexts();
  return (
    <section className="au-card" aria-label={texts.person.label}>
      <div className="au-customer__head">
        <span className="au-customer__face" aria-hidden="true">
          {initials(person.name)}
        </span>
        <div>
          <h2 className="au-customer__name" dir="auto">
            {person.name || texts.unnamed}
          </h2>
          <span className="au-customer__presence">{presence(person, texts.person)}</span>
        </div>
      </div>
      {reason !== '' && (
        <p className="au-customer__reason" dir="auto">
          <span className="au-visually-hidden">{texts.person.reason}: </span>
          {reason}
        </p>
      )}
      {children}
      <div className="au-customer__part">
        <h3 className="au-card__title">{texts.person.earlier}</h3>
        <Earlier earlier={earlier} {...(onRetry && { onRetry })} />
      </div>
    </section>
  );
}

function presence(person: Person, words: ReturnType<typeof useTexts>['person']): string {
  if (person.presence !== 'here') return words[person.presence];
  if (person.holding) return words.holding;
  return person.muted ? words.muted : words.here;
}

function Earlier({ earlier, onRetry }: Pick<Props, 'earlier' | 'onRetry'>) {
  const { person } = useTexts();
  if (earlier === 'loading') {
    return (
      <div aria-busy="true">
        <div className="au-skeleton" />
        <div className="au-skeleton au-skeleton--short" />
      </div>
    );
  }
  if (earlier === 'failed') {
    return (
      <p className="au-empty">
        {person.failed} {onRetry && <Button onClick={onRetry}>{person.again}</Button>}
      </p>
    );
  }
  if (earlier.length === 0) return <p className="au-empty">{person.first}</p>;
  return (
    <ul className="au-customer__list">
      {earlier.map((call) => (
        <li key={call.id}>
          <a className="au-customer__call au-focus" href={call.href}>
            <span>{call.when}</span>
            <span>{call.detail}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
