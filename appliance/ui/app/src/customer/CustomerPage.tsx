/** The customer's page: say who you are, wait, talk, read along. Never any advice. */

import { Button } from '@agent/ui';
import { useEffect, useState } from 'react';
import { SeatHolder } from '../session/seat';
import { audio } from '../session/sound';
import { usePlace } from '../session/usePlace';
import { useAppTexts } from '../texts/Texts';
import { CustomerCall } from './CustomerCall';
import { Welcome } from './Welcome';

// No recall: the record of a call holds the advice. The socket leaves it out.
const seat = new SeatHolder('customer', null);

export function CustomerPage() {
  const { product } = useAppTexts();
  const { live, reason, elsewhere, restoring } = usePlace(seat);
  const [again, setAgain] = useState('');
  const leave = () => {
    setAgain(reason);
    seat.leave();
  };
  useEffect(() => {
    void seat.restore();
    return () => audio.stop();
  }, []);
  useEffect(() => {
    if (elsewhere) audio.stop();
  }, [elsewhere]);
  return (
    <div className="visit">
      <header className="visit__bar">
        <img src="/assets/icon.svg" alt="" width="28" height="28" />
        {product}
      </header>
      <main className="visit__main">
        {elsewhere && <Elsewhere />}
        {live !== null && <CustomerCall live={live} onLeave={leave} />}
        {live === null && !elsewhere && !restoring && <Welcome seat={seat} known={again} />}
      </main>
    </div>
  );
}

function Elsewhere() {
  const { customer } = useAppTexts();
  return (
    <section className="visit__card">
      <h1>{customer.elsewhere}</h1>
      <Button look="primary" size="large" onClick={() => seat.restore()}>
        {customer.takeOver}
      </Button>
    </section>
  );
}
