import type { ReactNode } from 'react';
import type { Person } from '../call/state';
import { useTexts } from '../texts/Texts';
import type { Customer } from '../wire/types';
import { Button } from './Button';
import { CustomerFacts } from './CustomerFacts';
import { CustomerMatches } from './CustomerMatches';
import { initials } from './format';

export type EarlierCall = Readonly<{ id: string; href: string; when: string; detail: string }>;

type Props = Readonly<{
  person: Person;
  reason?: string;
  /** 'loading' and 'failed' speak of the earlier calls; the name is always there. */
  earlier: readonly EarlierCall[] | 'loading' | 'failed';
  onRetry?: () => void;
  /** Who the box takes them for; 'loading' until it has said so. Left out where the page
   * has no customer data. */
  known?: Customer | null | 'loading';
  /** The agent says who it is; without it the card only shows. */
  onChoose?: (id: string) => void;
  /** "Not this customer", or none of those that are offered. */
  onReject?: () => void;
  children?: ReactNode;
}>;

export function CustomerInfoCard(props: Props) {
  const { person, reason = '', earlier, onRetry, known, children } = props;
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
      {known !== undefined && <Known {...props} known={known} />}
      {children}
      <div className="au-customer__part">
        <h3 className="au-card__title">{texts.person.earlier}</h3>
        <Earlier earlier={earlier} {...(onRetry && { onRetry })} />
      </div>
    </section>
  );
}

type KnownProps = Pick<Props, 'onChoose' | 'onReject'> &
  Readonly<{ known: Customer | null | 'loading' }>;

function Known({ known, onChoose, onReject }: KnownProps) {
  const { known: texts } = useTexts();
  if (known === 'loading') return <Skeleton />;
  return (
    <section className="au-customer__part" aria-label={texts.label}>
      <p className="au-customer__why" role="status">
        {sentence(known, texts)}
      </p>
      {known !== null && <Found known={known} {...(onChoose && { onChoose })} />}
      {known !== null && onReject && isSomebody(known) && (
        <Button look="quiet" size="small" onClick={onReject}>
          {known.card ? texts.reject : texts.rejectAll}
        </Button>
      )}
    </section>
  );
}

function isSomebody({ card, candidates }: Customer): boolean {
  return card !== null || candidates.length > 0;
}

function Found({ known, onChoose }: Pick<Props, 'onChoose'> & Readonly<{ known: Customer }>) {
  const { known: texts } = useTexts();
  return (
    <>
      {known.card && <CustomerFacts card={known.card} />}
      {known.candidates.length > 0 && (
        <CustomerMatches
          title={known.card ? texts.beside : texts.several}
          matches={known.candidates}
          {...(onChoose && { onChoose })}
        />
      )}
    </>
  );
}

function sentence(known: Customer | null, texts: ReturnType<typeof useTexts>['known']): string {
  if (known === null || !isSomebody(known)) return texts.none;
  const why = known.card && known.matched && texts.why[known.matched];
  return [why, texts.sources[known.source]].filter(Boolean).join(', ');
}

function presence(person: Person, words: ReturnType<typeof useTexts>['person']): string {
  if (person.presence !== 'here') return words[person.presence];
  if (person.holding) return words.holding;
  return person.muted ? words.muted : words.here;
}

function Earlier({ earlier, onRetry }: Pick<Props, 'earlier' | 'onRetry'>) {
  const { person } = useTexts();
  if (earlier === 'loading') {
    return <Skeleton />;
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

function Skeleton() {
  return (
    <div aria-busy="true">
      <div className="au-skeleton" />
      <div className="au-skeleton au-skeleton--short" />
    </div>
  );
}
