import type { doctor as english } from './doctor.en';

export const doctor: typeof english = {
  title: 'Das Gerät untersuchen',
  intro:
    'Sieht nach allem, was das Gerät braucht, vom Prozessor bis zu den Sicherungen, und sagt, was hilft. Es ändert nichts, und Gespräche gehen dabei weiter. Was es findet, steht auf Englisch da.',
  begin: 'Untersuchen',
  again: 'Noch einmal untersuchen',
  looking: (looked, checks) =>
    checks ? `Es wird nachgesehen: ${looked} von ${checks} …` : 'Es wird nachgesehen …',
  done: (wrong, soon) =>
    wrong + soon === 0 ? 'Es fehlt nichts.' : `${wrong} falsch, ${soon} demnächst zu erledigen.`,
  states: { ok: 'gut', soon: 'demnächst', wrong: 'falsch', unknown: 'unbekannt' },
  copy: (command) => `Kopieren: ${command}`,
  copied: 'Kopiert',
  outbound: 'Versuche nach außen',
  outboundNone: 'Seit dem Start hat nichts versucht, nach außen zu gelangen.',
  outboundSome:
    'Alle wurden abgewiesen. „journalctl -u appliance | grep refused:“ am Gerät sagt, was wohin wollte.',
  handbook: 'Handbuch',
  handbookText:
    'Aufstellen, Benutzer, Sicherungen, neue Fassungen, und was bei Fehlern zu tun ist (auf Englisch):',
};
