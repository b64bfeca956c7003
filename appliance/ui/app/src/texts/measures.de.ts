/** What the box measures, in German: title and formula. It tells them in English itself. */

const OFFERED = 'eingegangene (nicht vor {short} s aufgelegt)';

export const MEASURES: Readonly<Record<string, readonly [title: string, formula: string]>> = {
  calls: ['Gespräche', 'Beendete Anrufe'],
  handled: ['Geführt', 'Anrufe, in denen Mitarbeiter und Kunde da waren'],
  duration: ['Dauer, Mittel', 'Von der Annahme bis zum Ende / geführte'],
  duration_p50: ['Dauer, Median', 'Die Hälfte der geführten dauerte höchstens so lang'],
  duration_p95: ['Dauer, 95. Perzentil', '95 von 100 geführten dauerten höchstens so lang'],
  aht: [
    'Bearbeitungszeit (AHT)',
    '(Gespräch + Halten + Nacharbeit) / geführte; wo niemand nacharbeitet, fehlt sie',
  ],
  talk: ['Sprechzeit', '(von der Annahme bis zum Ende - Halten) / geführte'],
  hold: ['Halten', 'Zeit, in der der Mitarbeiter gehalten hat / geführte'],
  wrap_up: [
    'Nacharbeit (ACW)',
    'Vom Ende des Gesprächs, bis der Mitarbeiter fertig war / geführte',
  ],
  occupancy: ['Auslastung', '(Gespräche + Nacharbeit) / (Gespräche + Nacharbeit + verfügbar)'],
  utilisation: ['Nutzung', '(Gespräche + Nacharbeit + verfügbar) / bezahlte Zeit'],
  time_on_call: ['Zeit in Gesprächen', 'Über alle Mitarbeiter zusammengezählt'],
  time_wrap_up: ['Zeit in Nacharbeit', 'Über alle Mitarbeiter zusammengezählt'],
  time_available: ['Zeit verfügbar', 'Warten auf Anrufe, über alle Mitarbeiter zusammengezählt'],
  time_away: ['Pausen', 'Im Dienst, aber weg; über alle Mitarbeiter zusammengezählt'],
  offered: ['Eingegangen', 'Anrufe in der Warteschlange ohne die vor {short} s aufgelegten'],
  asa: ['Mittlere Wartezeit (ASA)', 'Wartezeit der angenommenen / angenommene'],
  wait_p50: ['Wartezeit, Median', 'Die Hälfte der angenommenen wartete höchstens so lang'],
  wait_p95: ['Wartezeit, 95. Perzentil', '95 von 100 angenommenen warteten höchstens so lang'],
  service_level: [
    'Servicelevel in {in} s',
    `In {in} s angenommen / (${OFFERED} - in {in} s aufgelegt)`,
  ],
  service_level_handled: ['Servicelevel, nur angenommene', 'In {in} s angenommen / angenommene'],
  service_level_positive: [
    'Servicelevel, Aufgelegte als erfüllt',
    `(in {in} s angenommen + in {in} s aufgelegt) / ${OFFERED}`,
  ],
  service_level_negative: [
    'Servicelevel, Aufgelegte als verfehlt',
    `In {in} s angenommen / ${OFFERED}`,
  ],
  service_level_connect: [
    'Servicelevel, Amazon Connect',
    '(in {in} s angenommen + in {in} s aufgelegt) / alle in der Warteschlange, auch kurze',
  ],
  abandonment: ['Aufgelegt', `Aufgelegt / ${OFFERED}`],
  abandon_wait: ['Wartezeit bis zum Auflegen', 'Wartezeit der aufgelegten / aufgelegte'],
  first_response: [
    'Erste Antwort',
    'Vom Kommen des Kunden bis zu den ersten Worten des Mitarbeiters / Anrufe mit solchen',
  ],
  resolution: [
    'Gelöst',
    'Gelöst / geführte, von denen es bekannt ist; nach dem Mitarbeiter, sonst nach dem Entwurf',
  ],
  repeat_calls: [
    'Wieder angerufen in 7 Tagen',
    'Geführte, deren Kunde in 7 Tagen wieder anrief / geführte mit bekanntem Kunden',
  ],
  first_contact: ['Erstlösung (genähert)', '1 - wieder angerufen in 7 Tagen'],
  adherence: [
    'Checkliste erfüllt',
    'Gewicht des rechtzeitig Erledigten / Gewicht dessen, was galt und prüfbar war',
  ],
  mood: [
    'Stimmung',
    'Mittel von 100 tanh(0,75 Summe(Polarität * Platz / Zeilen)) jedes Gesprächs über die Zeilen des Kunden; ein Ersatz für Zufriedenheit',
  ],
  mood_up: ['Stimmung gestiegen', 'Letztes Viertel besser als die davor / Gespräche mit Stimmung'],
  mood_down: [
    'Stimmung gesunken',
    'Letztes Viertel schlechter als die davor / Gespräche mit Stimmung',
  ],
  alerts: ['Gespräche mit Hinweis', 'Gespräche, in denen etwas gemeldet wurde / Gespräche'],
  talk_ratio: ['Redeanteil des Mitarbeiters', 'Rede des Mitarbeiters / Rede beider'],
  silence: ['Stille', 'Schweigen beider über 3 s / Dauer der Gespräche mit Ton'],
  interruptions_agent: [
    'Ins Wort gefallen, Mitarbeiter',
    'Wie oft der Mitarbeiter begann, während der Kunde sprach (mindestens 0,5 s zugleich, 1 s im Ganzen) / Gespräche mit Ton',
  ],
  interruptions_customer: ['Ins Wort gefallen, Kunde', 'Dasselbe vom Kunden'],
  talk_speed_agent: [
    'Sprechtempo des Mitarbeiters',
    'Wörter der Zeilen des Mitarbeiters, wie sie geschrieben sind / Minuten, die er dafür brauchte',
  ],
  talk_speed_customer: ['Sprechtempo des Kunden', 'Dasselbe vom Kunden'],
  advice_shown: ['Rat gezeigt', 'Gezeigte Ratschläge / geführte'],
  advice_used: ['Rat verwendet', 'Als verwendet markiert / gezeigt'],
  advice_said: ['Rat ausgesprochen', 'In 30 s vom Mitarbeiter gesagt / gezeigt'],
  advice_copied: ['Rat kopiert', 'Kopiert / gezeigt'],
  advice_dismissed: ['Rat verworfen', 'Verworfen / gezeigt'],
  advice_expired: ['Rat verfallen', 'In 30 s weder gesagt noch angeklickt / gezeigt'],
  no_evidence: [
    'Nichts zu raten',
    'Zeilen, zu denen sich nichts fand / (diese + gezeigte Ratschläge)',
  ],
  advice_p50: [
    'Erstes Wort des Rats, Median',
    'Vom Ende der Zeile des Kunden bis zum ersten Wort; die Hälfte höchstens',
  ],
  advice_p95: [
    'Erstes Wort des Rats, 95. Perzentil',
    'Vom Ende der Zeile des Kunden bis zum ersten Wort; 95 von 100 höchstens',
  ],
  draft_changed: [
    'Entwürfe geändert',
    'Im Mittel: Wörter, die eingefügt, gestrichen oder ersetzt wurden, damit aus dem Entwurf die gespeicherte Zusammenfassung wurde / Wörter des längeren der beiden Texte',
  ],
  lag_p50: [
    'Verzug der Mitschrift, Median',
    'Vom Ende einer Zeile bis zum fertigen Text; die Hälfte höchstens',
  ],
  lag_p95: [
    'Verzug der Mitschrift, 95. Perzentil',
    'Vom Ende einer Zeile bis zum fertigen Text; 95 von 100 höchstens',
  ],
};

/** What the figures rest on. */
export const COUNTED: Readonly<Record<string, string>> = {
  calls: 'Anrufe',
  'handled calls': 'geführte Anrufe',
  'answered calls': 'angenommene Anrufe',
  'offered calls': 'eingegangene Anrufe',
  'queued calls': 'Anrufe in der Warteschlange',
  'abandoned calls': 'aufgelegte Anrufe',
  'judged calls': 'beurteilte Anrufe',
  'calls of known customers': 'Anrufe bekannter Kunden',
  'calls with a mood': 'Anrufe mit Stimmung',
  hours: 'Stunden',
  weight: 'Gewicht',
  'ms of speech': 'ms Rede',
  'minutes of speech': 'Minuten Rede',
  'drafts that were saved': 'gespeicherte Entwürfe',
  'ms of calls': 'ms Gespräch',
  advices: 'Ratschläge',
  lines: 'Zeilen',
};
