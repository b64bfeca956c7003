/** Numbers as people read them. */

/** 3:07, or 1:03:07. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How dates and numbers are written: as this browser's region does, in our language. */
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

/** 2025-10-09, as people write it; what is no day is shown as it came. */
export function day(iso: string, language: string): string {
  const date = new Date(`${iso}T00:00:00`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString(localeOf(language), { dateStyle: 'medium' });
}

export function money(amount: number, currency: string, language: string): string {
  // Anything else makes Intl throw, and a site may write what it likes.
  const style = /^[A-Z]{3}$/.test(currency) ? ({ style: 'currency', currency } as const) : {};
  return amount.toLocaleString(localeOf(language), { maximumFractionDigits: 2, ...style });
}

/** First letters of the first and last word, for a face without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('') || '?';
}
