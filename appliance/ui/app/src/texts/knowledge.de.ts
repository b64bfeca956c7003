import type { knowledge as english } from './knowledge.en';

export const knowledge: typeof english = {
  title: 'Wissen',
  intro:
    'Ratschläge beruhen auf diesen Artikeln und nennen sie; wo keiner passt, kommt keiner. Kleine Artikel, die je eine Frage beantworten, werden am besten gefunden.',
  none: 'Noch keine Artikel. Bis dahin beruht Rat nur auf dem Gespräch und sagt das auch.',
  article: 'Artikel',
  passages: 'Abschnitte',
  version: 'Fassung',
  changed: 'Geändert',
  add: 'Artikel hinzufügen oder ändern (Markdown, HTML, CSV)',
  done: (added, changed, removed) => `${added} neu, ${changed} geändert, ${removed} entfernt.`,
  golden: (right, questions) =>
    `Vom Prüfsatz kommen ${right} von ${questions} Fragen richtig heraus.`,
  force: 'Trotzdem tun',
  remove: 'Entfernen',
  versions: 'Fassungen',
  close: 'Schließen',
  search: 'Suche ausprobieren',
  searchHint: 'Was ein Kunde sagen könnte',
  tryIt: 'Ausprobieren',
  nothing: 'Nichts gefunden.',
  cited: 'würde genannt',
  uncited: 'nicht wahrscheinlich genug',
  why: (sense, wording, name) => `Sinn ${sense}, Wortlaut ${wording}, Name ${name}`,
};
