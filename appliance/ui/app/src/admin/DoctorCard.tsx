/** `appliance doctor`, asked for from here: each line as it is found, and what mends it. */

import { Button, type Examination, type Finding } from '@agent/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Stethoscope } from 'lucide-react';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { useAppTexts } from '../texts/Texts';
import { Fix } from './Fix';

const LOOKS: Readonly<Record<string, string>> = { ok: 'good', soon: 'warn', wrong: 'bad' };

/** What is worst comes first; within that, the order in which a person would look. */
const ORDER = ['wrong', 'soon', 'unknown', 'ok'];

export function DoctorCard() {
  const { doctor } = useAppTexts();
  const known = useQueryClient();
  const told = useQuery({
    queryKey: ['doctor'],
    queryFn: api.examination,
    refetchInterval: ({ state }) => (state.data?.running ? 500 : false),
  });
  const begin = useMutation({
    mutationFn: api.examine,
    onSuccess: (begun) => known.setQueryData(['doctor'], begun),
  });
  const newest = told.data;
  return (
    <section className="au-card doctor">
      <h2 className="au-card__title">{doctor.title}</h2>
      <p className="au-empty">{doctor.intro}</p>
      <div className="doctor__do">
        <Button
          icon={<Stethoscope size={18} />}
          disabled={begin.isPending || newest?.running}
          onClick={() => begin.mutate()}
        >
          {newest?.begun ? doctor.again : doctor.begin}
        </Button>
        <span role="status">{newest && <Progress of={newest} />}</span>
      </div>
      {begin.isError && <Failure error={begin.error} />}
      {told.isError && <Failure error={told.error} onRetry={() => told.refetch()} />}
      {newest && newest.findings.length > 0 && <Findings all={newest.findings} />}
    </section>
  );
}

function Progress({ of: newest }: Readonly<{ of: Examination }>) {
  const { doctor } = useAppTexts();
  if (newest.running) return doctor.looking(newest.looked, newest.checks);
  if (newest.begun === null) return null;
  const count = (state: string) => newest.findings.filter((one) => one.state === state).length;
  return doctor.done(count('wrong'), count('soon'));
}

function Findings({ all }: Readonly<{ all: readonly Finding[] }>) {
  const { doctor } = useAppTexts();
  const sorted = [...all].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <ul className="findings">
      {sorted.map((one) => (
        <li key={`${one.what} ${one.found}`} className="finding">
          <span className={`au-badge au-badge--${LOOKS[one.state] ?? 'plain'}`}>
            {doctor.states[one.state] ?? one.state}
          </span>
          <div lang="en">
            <strong>{one.what}</strong>
            <p>{one.found}</p>
            {one.fix && <Fix text={one.fix} />}
          </div>
        </li>
      ))}
    </ul>
  );
}
