/** Several of a few, each with a word on what it means. */

type Props<T extends string> = Readonly<{
  legend: string;
  choices: Readonly<Record<T, string>>;
  texts: Readonly<Record<T, string>>;
  chosen: readonly T[];
  onChange: (chosen: readonly T[]) => void;
}>;

export function Choices<T extends string>({ legend, choices, texts, chosen, onChange }: Props<T>) {
  const all = Object.keys(choices) as T[];
  const toggle = (one: T) =>
    onChange(all.filter((other) => (other === one) !== chosen.includes(other)));
  return (
    <fieldset className="choices choices--list">
      <legend>{legend}</legend>
      {all.map((one) => (
        <label key={one} className="choice">
          <input type="checkbox" checked={chosen.includes(one)} onChange={() => toggle(one)} />
          <span>
            {choices[one]}
            {texts[one] !== choices[one] && <small>{texts[one]}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
