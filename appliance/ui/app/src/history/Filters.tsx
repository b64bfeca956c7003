import { Button, localeOf, type SessionRow, useTexts } from '@agent/ui';
import { ListFilter, Search, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useKeys } from '../agent/useKeys';
import { usePreferences } from '../session/preferences';
import { Day } from '../shell/Day';
import { useAppTexts } from '../texts/Texts';
import { rulesOf } from './alerts';
import { type Asked, MOODS, OF_FIGURE, STATES } from './asked';
import type { useAsked } from './useAsked';

type Props = Readonly<{
  asking: ReturnType<typeof useAsked>;
  /** The calls found so far: whose names can be chosen from. */
  found: readonly SessionRow[];
}>;

export function Filters({ asking, found }: Props) {
  const { history, wrapUp } = useAppTexts();
  const { mood } = useTexts();
  const { asked, typed, type, ask } = asking;
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => box.current?.focus() });
  return (
    <search className="filters">
      <div className="filters__search">
        <Search size={18} aria-hidden="true" />
        <input
          ref={box}
          className="au-field"
          type="search"
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && ask({})}
          placeholder={history.searchHint}
          aria-label={history.search}
          maxLength={200}
        />
      </div>
      <Button
        className="filters__open"
        aria-expanded={open}
        aria-controls="filters"
        onClick={() => setOpen(!open)}
        icon={<ListFilter size={16} />}
      >
        {history.filters}
      </Button>
      <div id="filters" className="filters__more">
        <Choice
          name={history.columns.state}
          value={asked.state}
          choices={history.states}
          onChange={(state) => ask({ state: STATES.find((known) => known === state) ?? '' })}
        />
        <Choice
          name={wrapUp.outcome}
          value={asked.outcome}
          choices={wrapUp.outcomes}
          onChange={(outcome) => ask({ outcome })}
        />
        <Choice
          name={history.columns.agent}
          value={asked.agent}
          choices={namesOf(
            found.map((row) => row.agent),
            asked.agent,
          )}
          onChange={(agent) => ask({ agent })}
        />
        <Choice
          name={history.columns.queue}
          value={asked.queue}
          choices={namesOf(
            found.map((row) => row.queue),
            asked.queue,
          )}
          onChange={(queue) => ask({ queue })}
        />
        <Choice
          name={history.columns.mood}
          value={asked.mood}
          choices={mood.labels}
          onChange={(chosen) => ask({ mood: MOODS.find((known) => known === chosen) ?? '' })}
        />
        <Choice
          name={history.columns.alerts}
          value={asked.alert}
          choices={{ ...history.alerts, ...rulesAmong(found, asked.alert) }}
          onChange={(alert) => ask({ alert })}
        />
        {asked.counted === '' ? (
          <>
            <Day name={history.from} value={asked.from} onChange={(from) => ask({ from })} />
            <Day name={history.to} value={asked.to} onChange={(to) => ask({ to })} />
          </>
        ) : (
          <Behind asked={asked} onClear={() => ask(OF_FIGURE)} />
        )}
        {asked.customer !== '' && (
          <Button onClick={() => ask({ customer: '' })} icon={<X size={16} />}>
            {history.onlyCustomer(asked.customer)}
          </Button>
        )}
      </div>
    </search>
  );
}

/** Of which figure these are the calls. */
function Behind({ asked, onClear }: Readonly<{ asked: Asked; onClear: () => void }>) {
  const { history } = useAppTexts();
  const { language } = usePreferences();
  const moment = (time: string) =>
    new Date(time).toLocaleString(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Button onClick={onClear} icon={<X size={16} />}>
      {history.behind(asked.figure || asked.counted, moment(asked.since), moment(asked.until))}
    </Button>
  );
}

/** The names seen so far, and the one that is asked for. */
function namesOf(seen: readonly string[], asked: string): Readonly<Record<string, string>> {
  const names = [...new Set([...seen, asked])].filter(Boolean).sort();
  return Object.fromEntries(names.map((name) => [name, name]));
}

const RULE = 'rule:';

/** Likewise, the rules. */
function rulesAmong(found: readonly SessionRow[], asked: string): Readonly<Record<string, string>> {
  const chosen = asked.startsWith(RULE) ? asked.slice(RULE.length) : '';
  const rules = Object.keys(namesOf(rulesOf(found), chosen));
  return Object.fromEntries(rules.map((rule) => [RULE + rule, rule]));
}

type ChoiceProps = Readonly<{
  name: string;
  value: string;
  choices: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
}>;

function Choice({ name, value, choices, onChange }: ChoiceProps) {
  const { history } = useAppTexts();
  return (
    <label className="filters__one">
      {name}
      <select className="au-field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{history.all}</option>
        {Object.entries(choices).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
