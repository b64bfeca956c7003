import type { Line } from '../call/state';
import { useTexts } from '../texts/Texts';
import { clock } from './format';

/** What was said and when; a click leads to it. */
export function MoodLines({
  ids,
  lines,
  onShow,
}: Readonly<{
  ids: readonly string[];
  lines: readonly Line[];
  onShow: (line: string) => void;
}>) {
  const { mood } = useTexts();
  return (
    <ul className="au-mood__lines">
      {ids.map((id) => {
        const line = lines.find((other) => other.id === id);
        return (
          line !== undefined &&
          line.kind !== 'gap' && (
            <li key={id}>
              <button
                type="button"
                className="au-mood__quote au-focus"
                title={mood.show}
                onClick={() => onShow(id)}
              >
                <time>{clock(line.atMs)}</time>
                <q dir="auto">{line.text}</q>
              </button>
            </li>
          )
        );
      })}
    </ul>
  );
}
