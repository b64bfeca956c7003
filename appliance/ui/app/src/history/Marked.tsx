import { marked } from './marked';

type Props = Readonly<{ text: string; words: readonly string[] }>;

/** A text in which the words that were looked for stand out. */
export function Marked({ text, words }: Props) {
  return marked(text, words).map((part, n) =>
    part.found ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places
      <mark key={n} className="found">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
