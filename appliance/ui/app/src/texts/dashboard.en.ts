export const dashboard = {
  title: 'Dashboard',
  wall: 'On the floor',
  hang: 'Show on a wall',
  leaveWall: 'Back to the dashboard',
  old: (since: string) => `No connection to the box. This is how it was at ${since}.`,
  how: (name: string) => `${name}: how it is counted`,
  agents: 'Agents',
  available: 'Agents available',
  nobodyOnDuty: 'Nobody is on duty.',
  onDuty: (n: number) => `of ${n} on duty`,
  more: (n: number) => `and ${n} more`,
  waiting: 'Waiting',
  longest: (time: string) => `longest ${time}`,
  active: 'Running calls',
  mood: 'Mood of the callers',
  moodOf: (n: number) => `Mood (${n})`,
  calls: 'Calls',
  alerts: 'Alerts',
  toTrends: 'Trends',
  unusual: {
    unusual: (name: string, value: string, usual: string) =>
      `${name}: ${value} in the last hour, usually ${usual}`,
    limit: (name: string, value: string, limit: string) =>
      `${name}: ${value} in the last hour, limit ${limit}`,
  },
  noAlerts: 'None right now.',
  behind: 'Transcript behind by',
  read: 'Transcribed, of at most',
  readOf: (calls: number, most: number) => `${calls} / ${most}`,
  unread: (n: number) => (n === 1 ? '1 not transcribed' : `${n} not transcribed`),
  recordFails: 'The record cannot be written.',
  seconds: (n: string) => `${n} s`,
  formulas: {
    active: (n: number) =>
      `Calls in which both people are there, now. Counted: ${n}. Those on hold are among them.`,
    waiting: (n: number) =>
      `Callers whom nobody has answered yet, now. Counted: ${n}. The longest wait is from when the call came in.`,
    agents: (n: number) =>
      `Agents on duty who could take the next call. On duty: ${n}; whoever lost their line is counted for as long as they may come back.`,
    mood: (n: number, calls: number) =>
      `The customer’s newest line that was read, in each running call. Read in ${n} of ${calls} calls, from the words alone, by a machine. It can be wrong.`,
    alerts: (n: number) =>
      `Raised in running calls and not over: by your rules for supervisors, and where a customer reads as unhappy. Counted: ${n}.`,
    lag: (calls: number) =>
      `From the end of what was said to its final text: the slowest newest text of the ${calls} calls that are transcribed, or the age of the oldest that still waits.`,
    advice: 'Whether the language model writes advice. It pauses while transcripts are late.',
  },
  box: 'The box',
  speech: 'Transcription',
  suggestions: 'Advice',
  record: 'Record',
  states: {
    live: 'Works',
    starting: 'Starting',
    degraded: 'Behind',
    paused: 'Paused',
    failed: 'Failed',
    failing: 'Failing',
    off: 'Off',
  } as Readonly<Record<string, string>>,
  recent: 'Latest calls',
};
