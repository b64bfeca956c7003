import { Languages } from 'lucide-react';
import { type Call, languageOf } from '../call/state';
import { useTexts } from '../texts/Texts';
import { localeOf } from './format';

/** In which language each person is recognised. A wrong one explains a wrong transcript. */
export function HeardIn({ call }: Readonly<{ call: Call }>) {
  const texts = useTexts();
  const names = new Intl.DisplayNames([localeOf(texts.language)], { type: 'language' });
  const heard = (['agent', 'customer'] as const)
    .map((role) => ({ role, code: languageOf(call, role) }))
    .filter(({ code }) => code !== '')
    .map(({ role, code }) => `${texts[role]}: ${nameOf(names, code)}`);
  if (heard.length === 0) return null;
  return (
    <span className="au-heard" title={texts.heardIn}>
      <Languages size={14} aria-hidden="true" />
      <span className="au-visually-hidden">{texts.heardIn}: </span>
      {heard.join(' · ')}
    </span>
  );
}

/** The code itself where it is none: browsers throw at what is misshapen. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
