/** What the examination of the box says; what it finds comes from the box, in English. */

export const doctor = {
  title: 'Examine the box',
  intro:
    'Looks at all the box needs, from the processor to the backups, and says what mends what is wrong. It changes nothing, and calls go on meanwhile.',
  begin: 'Examine it',
  again: 'Examine it again',
  looking: (looked: number, checks: number) =>
    checks ? `Looking: ${looked} of ${checks} …` : 'Looking …',
  done: (wrong: number, soon: number) =>
    wrong + soon === 0 ? 'Nothing is wrong.' : `${wrong} wrong, ${soon} to be seen to before long.`,
  states: {
    ok: 'ok',
    soon: 'before long',
    wrong: 'wrong',
    unknown: 'unknown',
  } as Readonly<Record<string, string>>,
  copy: (command: string) => `Copy: ${command}`,
  copied: 'Copied',
  outbound: 'Tries to reach out',
  outboundNone: 'Since the start nothing has tried to reach anything outside.',
  outboundSome:
    'All were refused. “journalctl -u appliance | grep refused:” on the box says what tried, and where to.',
  handbook: 'Handbook',
  handbookText: 'Installing, users, backups, upgrades, and what to do when something fails:',
};
