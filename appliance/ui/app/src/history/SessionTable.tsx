import { clock, type SessionRow } from '@agent/ui';
import { Link } from 'react-router';
import { usePreferences } from '../session/preferences';
import { localeOf } from '../texts/languages';
import { useAppTexts } from '../texts/Texts';

const LOOKS: Readonly<Record<SessionRow['status'], string>> = {
  waiting: 'warn',
  active: 'good',
  ended: 'plain',
  interrupted: 'bad',
};

export function SessionTable({ sessions }: Readonly<{ sessions: readonly SessionRow[] }>) {
  const { history } = useAppTexts();
  const { columns } = history;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
    <section className="au-card table" aria-label={history.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.when}</th>
            <th scope="col">{columns.customer}</th>
            <th scope="col" className="table__extra">
              {columns.agent}
            </th>
            <th scope="col" className="table__number">
              {columns.length}
            </th>
            <th scope="col" className="table__number table__extra">
              {columns.turns}
            </th>
            <th scope="col">{columns.state}</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((row) => (
            <Session key={row.call_id} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Session({ row }: Readonly<{ row: SessionRow }>) {
  const { history } = useAppTexts();
  const { language } = usePreferences();
  const when = new Date(row.started).toLocaleString(localeOf(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <tr>
      <td>
        <Link className="link" to={`/calls/history/${encodeURIComponent(row.call_id)}`}>
          {when}
        </Link>
      </td>
      <td dir="auto">{row.customer || history.unknown}</td>
      <td dir="auto" className="table__extra">
        {row.agent || history.unknown}
      </td>
      <td className="table__number">{lengthOf(row) ?? history.unknown}</td>
      <td className="table__number table__extra">{row.turns}</td>
      <td>
        <span className={`au-badge au-badge--${LOOKS[row.status]}`}>
          {history.states[row.status]}
        </span>
      </td>
    </tr>
  );
}

function lengthOf({ started, ended }: SessionRow): string | null {
  return ended === null ? null : clock(Date.parse(ended) - Date.parse(started));
}
