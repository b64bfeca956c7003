/** A day to choose, among filters. */

type Props = Readonly<{ name: string; value: string; onChange: (day: string) => void }>;

export function Day({ name, value, onChange }: Props) {
  return (
    <label className="filters__one">
      {name}
      <input
        className="au-field"
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
