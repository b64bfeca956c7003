/** What somebody or something new is called. */

type Props = Readonly<{
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}>;

export function NameField({ label, hint, value, onChange }: Props) {
  return (
    <label className="au-label">
      {label}
      <input
        className="au-field"
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        maxLength={64}
        required
      />
      <small className="hint">{hint}</small>
    </label>
  );
}
