/** What the site knows about a customer. */

import type { ReactNode } from 'react';
import { useTexts } from '../texts/Texts';
import type { CustomerCard } from '../wire/types';
import { day, money } from './format';

export function CustomerFacts({ card }: Readonly<{ card: CustomerCard }>) {
  const { known: texts, language } = useTexts();
  return (
    <div className="au-facts">
      <strong className="au-facts__name" dir="auto">
        {card.name}
      </strong>
      <dl className="au-facts__list">
        <Fact name={texts.number}>{card.id}</Fact>
        <Fact name={texts.status}>{card.status}</Fact>
        <Fact name={texts.value}>
          {card.lifetime_value === null ? '' : money(card.lifetime_value, card.currency, language)}
        </Fact>
        <Fact name={texts.since}>{card.since && day(card.since, language)}</Fact>
        <Fact name={texts.email}>{card.email}</Fact>
        <Fact name={texts.phone}>{card.phone}</Fact>
      </dl>
      <Rows title={texts.tickets} none={texts.noTickets}>
        {card.tickets.map((ticket) => (
          <Row key={ticket.number} head={ticket.number} side={ticket.status}>
            {ticket.subject}
          </Row>
        ))}
      </Rows>
      <Rows title={texts.orders} none={texts.noOrders}>
        {card.orders.map((order) => (
          <Row
            key={order.number}
            head={`${order.number} · ${day(order.placed, language)}`}
            side={order.total === null ? '' : money(order.total, order.currency, language)}
          >
            {[order.item, order.status].filter(Boolean).join(', ')}
          </Row>
        ))}
      </Rows>
      {card.notes.length > 0 && (
        <Rows title={texts.notes} none="">
          {card.notes.map((note) => (
            <Row
              key={`${note.written} ${note.text}`}
              head={day(note.written, language)}
              side={note.author}
            >
              {note.text}
            </Row>
          ))}
        </Rows>
      )}
    </div>
  );
}

function Fact({ name, children }: Readonly<{ name: string; children: string }>) {
  if (children === '') return null;
  return (
    <div className="au-facts__one">
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function Rows(props: Readonly<{ title: string; none: string; children: readonly ReactNode[] }>) {
  return (
    <section className="au-facts__part">
      <h3 className="au-card__title">{props.title}</h3>
      {props.children.length === 0 ? (
        <p className="au-empty">{props.none}</p>
      ) : (
        <ul className="au-customer__list">{props.children}</ul>
      )}
    </section>
  );
}

function Row(props: Readonly<{ head: string; side: string; children: string }>) {
  return (
    <li className="au-facts__row">
      <span className="au-facts__head">
        <span>{props.head}</span>
        <span>{props.side}</span>
      </span>
      <span dir="auto">{props.children}</span>
    </li>
  );
}
