/** Lines that were typed and could not be delivered any more. */

type Props = Readonly<{ label: string; lines: readonly string[] }>;

export function Undelivered({ label, lines }: Props) {
  if (lines.length === 0) return null;
  return (
    <div className="notice undelivered">
      <div>
        <strong>{label}</strong>
        <ul>
          {lines.map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may be there twice
            <li key={place} dir="auto">
              {line}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
