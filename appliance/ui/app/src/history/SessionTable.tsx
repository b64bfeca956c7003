import { clock, localeOf, type SessionRow } from '@agent/ui';
import { Link, useLocation } from 'react-router';
import { usePreferences } from '../session/preferences';
import { cellOf, Table } from '../shell/Table';
import { useAppTexts } from '../texts/Texts';
import { AlertsOf, MoodOf } from './Judged';
import { Marked } from './Marked';

const LOOKS = { waiting: 'warn', active: 'good', interrupted: 'bad' } as const;

const NONE: readonly string[] = [];

type Props = Readonly<{
  sessions: readonly SessionRow[];
  /** That were looked for. */
  words?: readonly string[];
  busy?: boolean;
}>;

export function SessionTable({ sessions, words = NONE, busy = false }: Props) {
  const { history, wrapUp } = useAppTexts();
  const { columns } = history;
  return (
    <Table
      label={history.title}
      busy={busy}
      columns={[
        { name: columns.when },
        { name: columns.customer },
        { name: columns.agent, extra: true },
        { name: columns.length, number: true, extra: true },
        { name: wrapUp.outcome, extra: true },
        { name: columns.mood, extra: true },
        { name: columns.alerts, extra: true },
        { name: columns.state },
      ]}
    >
      {sessions.map((row) => (
        <Session key={row.call_id} row={row} words={words} />
      ))}
    </Table>
  );
}

type RowProps = Readonly<{ row: SessionRow; words: readonly string[] }>;

/** A call, and the places in it where the words stand. */
function Session({ row, words }: RowProps) {
  const { history, wrapUp } = useAppTexts();
  const { search } = useLocation();
  const { language } = usePreferences();
  const locale = localeOf(language);
  const started = new Date(row.started);
  const outcomes: Readonly<Record<string, string>> = wrapUp.outcomes;
  return (
    <tbody className="session">
      <tr>
        <td>
          <Link className="link session__link" to={addressOf(row)} state={{ found: search }}>
            <span>{started.toLocaleDateString(locale, { dateStyle: 'medium' })}</span>{' '}
            <span>{started.toLocaleTimeString(locale, { timeStyle: 'short' })}</span>
          </Link>
        </td>
        <td className="session__who">
          <span className="session__name" dir="auto">
            {row.customer ? <Marked text={row.customer} words={words} /> : history.unknown}
          </span>
          {row.concern !== '' && (
            <span className="session__concern" dir="auto">
              <Marked text={row.concern} words={words} />
            </span>
          )}
        </td>
        <td dir="auto" className={cellOf({ extra: true })}>
          {row.agent ? <Marked text={row.agent} words={words} /> : history.unknown}
          {row.queue !== '' && <span className="session__concern">{row.queue}</span>}
        </td>
        <td className={cellOf({ number: true, extra: true })}>
          {lengthOf(row) ?? history.unknown}
        </td>
        <td className={cellOf({ extra: true })}>
          {outcomes[row.outcome] ?? (row.outcome || history.unknown)}
        </td>
        <td className={cellOf({ extra: true })}>
          <MoodOf row={row} />
        </td>
        <td className={cellOf({ extra: true })}>
          <AlertsOf row={row} />
        </td>
        <td>
          <State of={row} />
        </td>
      </tr>
      <Matches row={row} words={words} />
    </tbody>
  );
}

/** Nearly all have ended: a badge on each would say nothing. */
function State({ of: { status } }: Readonly<{ of: SessionRow }>) {
  const { states } = useAppTexts().history;
  return status === 'ended' ? (
    <span className="session__state">{states.ended}</span>
  ) : (
    <span className={`au-badge au-badge--${LOOKS[status]}`}>{states[status]}</span>
  );
}

function Matches({ row, words }: RowProps) {
  const { history } = useAppTexts();
  const { search } = useLocation();
  // Why they called stands in the row already.
  const matches = row.matches.filter(({ source }) => source !== 'concern');
  if (matches.length === 0) return null;
  return (
    <tr className="session__matches">
      <td />
      <td colSpan={7}>
        {matches.map(({ source, at_ms, speaker, text }) => (
          <Link
            key={`${source}-${at_ms}-${text}`}
            className={`match match--${speaker}`}
            state={{ found: search }}
            to={source === 'call' ? `${addressOf(row)}?at=${at_ms}` : addressOf(row)}
          >
            <span className="match__where">
              {source === 'call' ? clock(at_ms) : history.inSummary}
            </span>
            <span dir="auto">
              <Marked text={text} words={words} />
            </span>
          </Link>
        ))}
      </td>
    </tr>
  );
}

function addressOf(row: SessionRow): string {
  return `/calls/history/${encodeURIComponent(row.call_id)}`;
}

function lengthOf({ started, ended }: SessionRow): string | null {
  return ended === null ? null : clock(Date.parse(ended) - Date.parse(started));
}
