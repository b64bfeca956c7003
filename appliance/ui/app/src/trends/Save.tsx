/** What is shown, as a file for other programs. */

import { Download } from 'lucide-react';
import { useAppTexts } from '../texts/Texts';

const FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['parquet', 'Parquet'],
] as const;

type Props = Readonly<{ what: 'calls' | 'figures'; query: string }>;

/** `query`: as the list, or the figures, were asked for. */
export function Save({ what, query }: Props) {
  const { trends } = useAppTexts();
  return (
    <details className="save print-never">
      <summary className="au-button">
        <Download size={18} aria-hidden="true" />
        {what === 'calls' ? trends.saveCalls : trends.save}
      </summary>
      <ul className="save__list">
        {FORMATS.map(([format, name]) => (
          <li key={format}>
            <a
              className="link save__one"
              href={`/api/reports/${what}?${new URLSearchParams(`${query}&format=${format}`)}`}
              download=""
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
