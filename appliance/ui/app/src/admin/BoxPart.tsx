/** What of the box works, what does not, and where the rest is set. */

import type { PartHealth } from '@agent/ui';
import { useQuery } from '@tanstack/react-query';
import { BoxState } from '../pages/BoxState';
import { api } from '../session/api';
import { Failure } from '../shell/Broken';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { DoctorCard } from './DoctorCard';

const NUMBER = cellOf({ number: true, extra: true });

export function BoxPart() {
  const { admin, doctor } = useAppTexts();
  const health = useQuery({ queryKey: ['health'], queryFn: api.health, refetchInterval: 5000 });
  return (
    <>
      {health.isError && <Failure error={health.error} onRetry={() => health.refetch()} />}
      <Table
        label={admin.health}
        columns={[
          { name: admin.part },
          { name: admin.state },
          { name: admin.restarts, number: true, extra: true },
          { name: admin.process, number: true, extra: true },
        ]}
        head={
          <>
            <h2 className="au-card__title">{admin.health}</h2>
            <p className="au-empty">{admin.healthIntro}</p>
          </>
        }
      >
        <tbody>
          {Object.entries(health.data?.parts ?? {}).map(([name, part]) => (
            <PartRow key={name} name={nameOf(name, admin.parts)} part={part} />
          ))}
        </tbody>
      </Table>
      <div className="tiles">
        <Outbound tries={health.data?.outbound} />
      </div>
      <DoctorCard />
      <section className="au-card">
        <h2 className="au-card__title">{admin.settings}</h2>
        <p className="au-empty">{admin.settingsText}</p>
        <p className="au-empty">
          {doctor.handbookText} <a href="/handbook">{doctor.handbook}</a>
        </p>
        <p className="au-empty">
          {admin.version} {health.data?.appliance}
        </p>
      </section>
    </>
  );
}

/** What the box has refused to let out since its start: nothing, where all is well. */
function Outbound({ tries }: Readonly<{ tries: number | undefined }>) {
  const { doctor, history } = useAppTexts();
  return (
    <section className="au-card tile">
      <h2 className="tile__name">{doctor.outbound}</h2>
      <span className="tile__value">{tries ?? history.unknown}</span>
      <p className="hint">{tries ? doctor.outboundSome : doctor.outboundNone}</p>
    </section>
  );
}

/** Of several processes of a part, "speech-2" is the second. */
function nameOf(part: string, names: Readonly<Record<string, string>>): string {
  const [kind = part, number] = part.split('-');
  return [names[kind] ?? kind, number].filter(Boolean).join(' ');
}

function PartRow({ name, part }: Readonly<{ name: string; part: PartHealth }>) {
  const { admin } = useAppTexts();
  return (
    <tr>
      <td>
        <strong>{name}</strong>
        <p className="au-empty">
          {part.problem === null
            ? part.state === 'off'
              ? admin.off
              : admin.fine
            : `${part.problem} ${part.fix ?? ''}`}
        </p>
      </td>
      <td>
        <BoxState state={part.state} />
      </td>
      <td className={NUMBER}>{part.restarts}</td>
      <td className={NUMBER}>{part.pid}</td>
    </tr>
  );
}
