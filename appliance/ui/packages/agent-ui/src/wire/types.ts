// Made by `./scripts/lint` from the structs of messages and answers.
// A test fails when this file and the structs differ.

/** First message on a socket, new or resumed. */
export type Hello = Readonly<{
  type: 'hello';
  seq: number;
  call_id: string;
  role: 'agent' | 'customer';
  epoch: string;
  last_seq: number;
  next_audio_seq: number;
  partner: string | null;
  speech: string;
  suggestions: string;
  version: string;
}>;

/** The other person came, dropped off, came back or left for good. */
export type Partner = Readonly<{
  type: 'partner';
  seq: number;
  role: 'agent' | 'customer';
  event: 'away' | 'back' | 'holding' | 'joined' | 'left' | 'muted' | 'unholding' | 'unmuted';
  name: string;
}>;

/** What one person said, without what is personal. A newer one with the same id replaces the older; after the final (`is_final`) comes at most another final, when what is said later tells what a number is. A final with empty text withdraws its partials. */
export type Transcript = Readonly<{
  type: 'transcript';
  seq: number;
  id: string;
  speaker: 'agent' | 'customer';
  text: string;
  is_final: boolean;
  start_ms: number;
  end_ms: number;
  language: string;
  confidence: number;
  words: readonly Word[];
  failed: boolean;
}>;

export type Word = Readonly<{
  text: string;
  start_ms: number;
  end_ms: number;
  probability: number;
}>;

/** Advice for the agent while it is written. Each message carries the whole text so far and replaces the one before with the same id. */
export type AiSuggestion = Readonly<{
  type: 'ai_suggestion';
  seq: number;
  id: string;
  answers: string;
  action: string;
  suggestion: string;
  reasoning: string;
  confidence: number;
  is_final: boolean;
  status: 'done' | 'stopped' | 'streaming' | 'superseded' | 'unavailable';
  sources: readonly Source[];
  trigger: string;
}>;

/** A passage of one of the site's articles, as it was when it was cited. */
export type Source = Readonly<{
  article: string;
  version: number;
  title: string;
  section: string;
  text: string;
  steps: readonly string[];
  first_step: number;
  probability: number;
}>;

/** What somebody typed, as `Transcript`: the same id again replaces it. */
export type ChatLine = Readonly<{
  type: 'chat';
  seq: number;
  id: string;
  speaker: 'agent' | 'customer';
  text: string;
  at_ms: number;
  ref: string;
}>;

/** Audio that never came or could not be kept (`lost`), or that was not listened to: by wish (`paused`), or because the box had as many calls as it can read (`busy`). */
export type Gap = Readonly<{
  type: 'gap';
  seq: number;
  speaker: 'agent' | 'customer';
  start_ms: number;
  end_ms: number;
  reason: 'busy' | 'lost' | 'paused';
}>;

/** How one line of the customer reads, and the call so far; the words, no voice. */
export type Sentiment = Readonly<{
  type: 'sentiment';
  seq: number;
  id: string;
  label: 'negative' | 'neutral' | 'positive';
  score: number;
  confidence: number;
  source: string;
  quarters: readonly (number | null)[];
  trend: 'down' | 'flat' | 'up';
  call_score: number;
}>;

/** Something in the call wants attention. A newer one with the same id replaces it. `unchecked`: nobody can tell, because what was said could not be read. */
export type Alert = Readonly<{
  type: 'alert';
  seq: number;
  id: string;
  kind: 'mood' | 'rule';
  state: 'over' | 'raised' | 'unchecked';
  lines: readonly string[];
  text: string;
  severity: 'critical' | 'info' | 'warning';
  to: readonly ('agent' | 'supervisor')[];
  rule: string;
}>;

/** What is to be done in this call and what has been, for the agent: all of it, each time. `score` is 100 times the weight done in time over the weight of what applies and could be checked; None where that is nothing. */
export type Checklist = Readonly<{
  type: 'checklist';
  seq: number;
  items: readonly ChecklistItem[];
  score: number | null;
}>;

/** `late`: done after its deadline. `unchecked`: what was said could not be read. */
export type ChecklistItem = Readonly<{
  id: string;
  text: string;
  weight: number;
  state: 'done' | 'late' | 'missed' | 'open' | 'unchecked';
  by: 'hand' | 'rule' | null;
  at_ms: number;
  line: string;
  rule: string;
}>;

/** Who the customer is, as far as the box can tell; for agents. A newer one replaces the older. `source` says what told: what was given at the start, what the customer said or typed, an agent who chose, or changed data. */
export type Customer = Readonly<{
  type: 'customer';
  seq: number;
  source: 'agent' | 'data' | 'said' | 'start';
  card: CustomerCard | null;
  matched: 'email' | 'id' | 'name' | 'order' | 'phone' | null;
  candidates: readonly CustomerCandidate[];
}>;

/** What the site knows about a customer; "" or None is what it does not. Newest first: orders, tickets that are open, notes. */
export type CustomerCard = Readonly<{
  id: string;
  name: string;
  email: string;
  phone: string;
  status: string;
  lifetime_value: number | null;
  currency: string;
  since: string;
  orders: readonly CustomerOrder[];
  tickets: readonly CustomerTicket[];
  notes: readonly CustomerNote[];
}>;

/** Days, here and below, are ISO dates, "" where the site does not say. */
export type CustomerOrder = Readonly<{
  number: string;
  placed: string;
  status: string;
  total: number | null;
  currency: string;
  item: string;
}>;

export type CustomerTicket = Readonly<{
  number: string;
  opened: string;
  status: string;
  subject: string;
}>;

export type CustomerNote = Readonly<{
  written: string;
  author: string;
  text: string;
}>;

/** Somebody it could be. `value` is what the site has on file where `matched` fits. */
export type CustomerCandidate = Readonly<{
  id: string;
  name: string;
  matched: 'email' | 'id' | 'name' | 'order' | 'phone';
  value: string;
  exact: boolean;
}>;

/** A draft of what the call was about, for the agent. Each message is the whole draft so far and replaces the one before with the same id. Every number and name in it was said. Probabilities are the model's own among the choices, 0 where it chose nothing. */
export type Summary = Readonly<{
  type: 'summary';
  seq: number;
  id: string;
  purpose: 'transfer' | 'wrap_up';
  source: string;
  situation: readonly SummaryLine[];
  action: readonly SummaryLine[];
  follow_ups: readonly SummaryLine[];
  facts: readonly SummaryFact[];
  resolution: '' | 'no' | 'partly' | 'yes';
  resolution_confidence: number;
  disposition: string;
  disposition_confidence: number;
  removed: number;
  is_final: boolean;
}>;

/** A sentence of a summary, and the ids of the lines it rests on, if that is known. */
export type SummaryLine = Readonly<{
  text: string;
  lines: readonly string[];
  quoted: boolean;
}>;

/** Something to be written down exactly, as it stands in a line. */
export type SummaryFact = Readonly<{
  kind: 'amount' | 'date' | 'email' | 'name' | 'number';
  text: string;
  line: string;
}>;

/** Whether the sound of the call is kept from here on; told to both people. `waiting` for consent, `stopped` by somebody, `failing` for want of room on the disk. `choice`: whether people may start and stop it. */
export type Recording = Readonly<{
  type: 'recording';
  seq: number;
  state: 'failing' | 'off' | 'on' | 'stopped' | 'waiting';
  choice: boolean;
}>;

/** How a part of the box, or the call itself, is doing. `text` is for people. */
export type Status = Readonly<{
  type: 'status';
  seq: number;
  part: 'call' | 'speech' | 'suggestions';
  state: 'degraded' | 'ended' | 'live' | 'off' | 'paused' | 'waiting';
  text: string;
  lag_ms: number;
}>;

/** Supervisors follow the call, as far as the site tells its people: all of it each time. All zero: nobody any more. */
export type Supervised = Readonly<{
  type: 'supervised';
  seq: number;
  to: 'agent' | 'customer';
  following: number;
  hearing: number;
  names: readonly string[];
}>;

/** Every audio frame up to `audio_seq` is taken in; the client may forget those. */
export type Ack = Readonly<{
  type: 'ack';
  seq: number;
  audio_seq: number;
}>;

export type ErrorSent = Readonly<{
  type: 'error';
  seq: number;
  problem: string;
  fix: string;
}>;

/** What the box takes the agent to be doing: all of it, each time. Sent again every few seconds, by which the page knows that its line is alive. */
export type Duty = Readonly<{
  type: 'duty';
  seq: number;
  state: 'available' | 'away' | 'on_call' | 'wrap_up';
  call_id: string;
  offer: Offer | null;
}>;

/** A customer who waits, and whom this agent may answer. */
export type Offer = Readonly<{
  call_id: string;
  name: string;
  reason: string;
  waited_ms: number;
  queue: string;
  customer: Customer | null;
}>;

/** The calls going on. `whole` on each new socket: these are all. After that what has changed, at most twice a second: new and changed calls, the ids of those that are over, and the `wall`, None where nothing of it has changed. Sent every ten seconds in any case, by which the page knows its line is alive. `at` is the box's time (UTC), to which every `since` is to be compared: the clock of the page may be wrong. */
export type Floor = Readonly<{
  type: 'floor';
  seq: number;
  whole: boolean;
  at: string;
  calls: readonly CallGoingOn[];
  over: readonly string[];
  wall: Wall | null;
}>;

/** A call that waits or runs, as a list of them shows it. */
export type CallGoingOn = Readonly<{
  call_id: string;
  state: 'active' | 'waiting';
  agent: string;
  customer: string;
  reason: string;
  since: string;
  mood: 'negative' | 'neutral' | 'positive' | null;
  trend: 'down' | 'flat' | 'up';
  unread: boolean;
  lag_ms: number;
  recording: 'failing' | 'off' | 'on' | 'stopped' | 'waiting';
  following: number;
  hearing: number;
  alerts: readonly CallAlert[];
  queue: string;
}>;

/** Something in a call that wants attention now, in the rule's words. */
export type CallAlert = Readonly<{
  kind: 'mood' | 'rule';
  severity: 'critical' | 'info' | 'warning';
  text: string;
}>;

/** What there is on the floor beside the calls: the agents on duty, and how the box keeps up. `reading` counts the calls that are transcribed; None: speech is off. */
export type Wall = Readonly<{
  agents: readonly AgentOnDuty[];
  speech: 'degraded' | 'live' | 'off' | 'paused';
  suggestions: 'degraded' | 'live' | 'off' | 'paused';
  record: 'failing' | 'live';
  recordings: 'failing' | 'filling' | 'full' | 'ok';
  lag_ms: number;
  reading: number | null;
  room: number | null;
}>;

/** What an agent is doing, and since when (UTC; to half a second). */
export type AgentOnDuty = Readonly<{
  id: string;
  name: string;
  state: 'available' | 'away' | 'on_call' | 'wrap_up';
  since: string;
}>;

/** What is out of the ordinary: all of it, each time it changes; and on each new socket if there is any. */
export type Unusual = Readonly<{
  type: 'unusual';
  seq: number;
  anomalies: readonly Anomaly[];
}>;

/** A measure of the last hour that is out of the ordinary. `usual`: the median of the same hour of past weeks, or the limit that the site has set. */
export type Anomaly = Readonly<{
  measure: string;
  title: string;
  unit: string;
  kind: 'limit' | 'unusual';
  value: number;
  usual: number;
  since: string;
}>;

export type ClientHello = Readonly<{
  type: 'hello';
  role: 'agent' | 'customer';
  name?: string;
  audio?: AudioFormat;
}>;

/** How one leg's binary frames are encoded; announced in the client's `hello`. */
export type AudioFormat = Readonly<{
  codec?: 'alaw' | 'mulaw' | 'pcm_s16le' | 'webm_opus';
  rate?: number;
}>;

/** First message of a socket that replaces a dropped one. */
export type Resume = Readonly<{
  type: 'resume';
  role: 'agent' | 'customer';
  epoch: string;
  last_seq: number;
  audio?: AudioFormat;
}>;

/** A typed line. A page that does not know whether its line arrived sends it again with the same `ref`; it is shown once. */
export type Chat = Readonly<{
  type: 'chat';
  text: string;
  ref?: string;
}>;

/** Stop writing this advice; what is written stays. */
export type Stop = Readonly<{
  type: 'stop';
  id: string;
}>;

/** The agent wants advice now, on `text` if given. */
export type Ask = Readonly<{
  type: 'ask';
  text?: string;
}>;

/** The agent wants to know what the call has come to, to hand it over. */
export type Summarise = Readonly<{
  type: 'summarise';
}>;

export type Feedback = Readonly<{
  type: 'feedback';
  id: string;
  verdict: 'bad' | 'copied' | 'dismissed' | 'good' | 'used';
  reason?: string;
}>;

/** The agent says who the customer is; without an id: not the one who is shown. */
export type ChooseCustomer = Readonly<{
  type: 'choose_customer';
  id?: string;
}>;

/** The agent says whether an item of the checklist is done; it stays as they say. */
export type Tick = Readonly<{
  type: 'tick';
  item: string;
  on: boolean;
}>;

export type Mute = Readonly<{
  type: 'mute';
  on: boolean;
}>;

/** The person will not hear the other one, nor be heard, for a while. Their page does it; the box tells the other one, who is still transcribed. */
export type Hold = Readonly<{
  type: 'hold';
  on: boolean;
}>;

/** Payment mode: of both sides nothing is kept, recognised or advised on; people still hear each other. */
export type Pause = Readonly<{
  type: 'pause';
  on: boolean;
}>;

/** The customer agrees to be recorded, as they or their agent say, or does not any more. */
export type RecordWish = Readonly<{
  type: 'record';
  on: boolean;
  consent?: 'announced' | 'clicked' | 'keypress' | 'verbal' | 'written';
}>;

export type Hangup = Readonly<{
  type: 'hangup';
}>;

/** First message of an agent's socket, and of one that replaces it. What the page last heard of its `state` and `call_id` counts where the box does not know the agent. */
export type OnDuty = Readonly<{
  type: 'on_duty';
  state?: 'available' | 'away' | 'on_call' | 'wrap_up';
  call_id?: string;
}>;

/** What the agent wants to do now; it ends a wrap-up. `off` ends the shift. */
export type Be = Readonly<{
  type: 'be';
  state: 'available' | 'away' | 'off';
}>;

/** First message of a listening socket. Who was cut off names the epoch and the newest message they have, and is told what came after it; without, everything so far. */
export type Follow = Readonly<{
  type: 'follow';
  epoch?: string;
  last_seq?: number;
}>;

/** Send both voices, or no more. Nobody hears anything before they have asked. */
export type Listen = Readonly<{
  type: 'listen';
  audio: boolean;
}>;

/** Somebody wants to talk; `call_id` names a call, else the box finds one. */
export type Wish = Readonly<{
  role: 'agent' | 'customer';
  name?: string;
  reason?: string;
  phone?: string;
  queue?: string;
  call_id?: string | null;
}>;

/** A file with articles to add or change. */
export type ArticleWish = Readonly<{
  name: string;
  text: string;
  force?: boolean;
}>;

export type RemoveWish = Readonly<{
  force?: boolean;
}>;

/** What the agent leaves behind after a call. */
export type WrapUpWish = Readonly<{
  outcome: string;
  summary?: string;
  draft?: string;
  drafted?: string;
}>;

export type SignInWish = Readonly<{
  name: string;
  password: string;
}>;

export type PasswordWish = Readonly<{
  old: string;
  new: string;
}>;

export type InviteWish = Readonly<{
  code: string;
}>;

export type PersonWish = Readonly<{
  name: string;
  roles: readonly ('admin' | 'agent' | 'supervisor')[];
}>;

export type RolesWish = Readonly<{
  roles: readonly ('admin' | 'agent' | 'supervisor')[];
}>;

export type TokenWish = Readonly<{
  name: string;
  scopes: readonly ('calls' | 'metrics' | 'record')[];
  days: number;
}>;

export type RevokeWish = Readonly<{
  name: string;
}>;

export type HoldWish = Readonly<{
  kind: 'call' | 'customer';
  subject: string;
  reason: string;
  until?: string | null;
}>;

export type EraseWish = Readonly<{
  kind: 'call' | 'customer';
  subject: string;
}>;

/** The first event of every call; a call without it is in no list. */
export type CallStarted = Readonly<{
  type: 'call_started';
  language: string;
}>;

export type Joined = Readonly<{
  type: 'joined';
  role: 'agent' | 'customer';
  name: string;
  reason: string;
  person: string;
  queue: string;
}>;

export type Left = Readonly<{
  type: 'left';
  role: 'agent' | 'customer';
}>;

export type CallEnded = Readonly<{
  type: 'call_ended';
  reason: 'hangup' | 'interrupted' | 'shutdown' | 'timeout';
  settled_s: number;
}>;

/** A supervisor followed the call, told to its people or not. */
export type Overheard = Readonly<{
  type: 'overheard';
  person: string;
  name: string;
  does: 'follow' | 'hear' | 'hear_no_more' | 'leave';
}>;

/** The agent said what was suggested, or neither that nor anything with the card. */
export type AdviceBecame = Readonly<{
  type: 'advice_became';
  id: string;
  fate: 'expired' | 'said';
  line: string;
}>;

/** What the agent wrote after the call; a later one replaces it. */
export type WrapUp = Readonly<{
  type: 'wrap_up';
  outcome: string;
  summary: string;
  draft: string;
  changed: number | null;
  after_s: number;
}>;

/** To being recorded: given, or taken back. When, the event says. */
export type Consent = Readonly<{
  type: 'consent';
  given: boolean;
  by: 'agent' | 'customer';
  method: string;
}>;

/** What has become of the sound of a call that was to be recorded; a later one replaces it. */
export type RecordingKept = Readonly<{
  type: 'recording_kept';
  verdict: 'empty' | 'ok' | 'partial';
  format: string;
  bytes: number;
  duration_s: number;
  legs: readonly LegHealth[];
}>;

export type LegHealth = Readonly<{
  role: 'agent' | 'customer';
  expected_s: number;
  recorded_s: number;
  voiced_s: number;
  transcribed: number | null;
  level_db: number;
  faults: readonly ('no_audio' | 'short' | 'silent' | 'untranscribed')[];
}>;

/** From the events before this one was taken out what was `said`, or with it all that tells who the `person` was. What is counted stays. */
export type Purged = Readonly<{
  type: 'purged';
  what: 'person' | 'said';
  why: 'erasure' | 'retention';
}>;

export type CallStatus = Readonly<{
  call_id: string;
  state: string;
  reason: string;
  queue: string;
  seconds: number;
  position: number;
  people: readonly PersonStatus[];
  speech: string;
  suggestions: string;
  lag_ms: number;
}>;

export type PersonStatus = Readonly<{
  role: 'agent' | 'customer';
  name: string;
  connected: boolean;
  reason: string;
}>;

export type CallsGoingOn = Readonly<{
  calls: readonly CallGoingOn[];
}>;

export type Queue = Readonly<{
  waiting: readonly Waiter[];
}>;

/** A customer whom nobody has answered yet. */
export type Waiter = Readonly<{
  call_id: string;
  name: string;
  reason: string;
  queue: string;
  seconds: number;
  connected: boolean;
}>;

/** Where the person's socket is to go. */
export type Seat = Readonly<{
  call_id: string;
  role: 'agent' | 'customer';
  status: string;
  socket: string;
}>;

export type Stats = Readonly<{
  waiting: number;
  active: number;
  ended: number;
  speech: string;
  suggestions: string;
  lag_ms: number;
  agents: Readonly<Record<string, number>>;
}>;

/** `ok` means that calls are served in full; a call is relayed even if it is false. */
export type Health = Readonly<{
  appliance: string;
  ok: boolean;
  speech: string;
  suggestions: string;
  record: string;
  load: 'degraded' | 'live' | 'overloaded';
  lag_ms: number;
  calls: Readonly<Record<string, number>>;
  reading: Reading | null;
  sockets: number;
  advising: number;
  outbound: number;
  pid: number;
  parts: Readonly<Record<string, PartHealth>>;
  recordings: RecordingsHealth;
  loop: LoopHealth;
  engine: Usage | null;
  tally: Tally;
}>;

/** Calls that are transcribed, that wait for room, and that there is room for. */
export type Reading = Readonly<{
  calls: number;
  waiting: number;
  capacity: number;
}>;

export type PartHealth = Readonly<{
  state: string;
  problem: string | null;
  fix: string | null;
  restarts: number;
  pid: number | null;
  jobs: number;
}>;

export type RecordingsHealth = Readonly<{
  room: RoomFor | null;
  calls: number;
  verdicts: Readonly<Record<string, number>>;
}>;

/** How recordings stand, for people and `/metrics`. */
export type RoomFor = Readonly<{
  state: 'failing' | 'filling' | 'full' | 'ok';
  problem: string | null;
  used: number;
  left: number;
  share: number;
  waiting: number;
  lost_s: number;
}>;

/** How late the event loop was since the start; see `appliance.server.loop`. */
export type LoopHealth = Readonly<{
  p50_ms: number;
  p99_ms: number;
  counts: readonly number[];
  total_ms: number;
}>;

/** Counts since the start; part of `/healthz`. */
export type Usage = Readonly<{
  lanes: number;
  busy_s: number;
  passes: Readonly<Record<string, number>>;
  items: Readonly<Record<string, number>>;
}>;

/** Counts since the start, of the whole box; part of `/healthz`. */
export type Tally = Readonly<{
  partials: number;
  finals: number;
  failed: number;
  advice: Readonly<Record<string, number>>;
  final_s: Histogram;
  first_advice_s: Histogram;
}>;

/** How often a time was at most so long. */
export type Histogram = Readonly<{
  edges_s: readonly number[];
  counts: readonly number[];
  sum_s: number;
}>;

export type SessionPage = Readonly<{
  sessions: readonly SessionRow[];
  next: string | null;
}>;

/** One call in a list. `language` is the customer's, as last heard; `turns` counts the utterances with words. `mood`, `call_score` and `trend` are as the call ended, None where nothing the customer said was read. */
export type SessionRow = Readonly<{
  call_id: string;
  started: string;
  ended: string | null;
  status: 'active' | 'ended' | 'interrupted' | 'waiting';
  reason: string | null;
  agent: string;
  customer: string;
  concern: string;
  outcome: string;
  summary: string;
  language: string;
  turns: number;
  queue: string;
  mood: 'negative' | 'neutral' | 'positive' | null;
  call_score: number | null;
  trend: 'down' | 'flat' | 'up' | null;
  alerts: readonly Raised[];
  matches: readonly Match[];
}>;

/** An alert of a call, whether or not it was over in the end. */
export type Raised = Readonly<{
  id: string;
  kind: 'mood' | 'rule';
  rule: string;
  severity: 'critical' | 'info' | 'warning';
  told: boolean;
}>;

/** Where the words of a search stand: in the call, in why they called (`concern`), or in what the agent wrote afterwards. */
export type Match = Readonly<{
  source: 'call' | 'concern' | 'summary';
  at_ms: number;
  speaker: 'agent' | 'customer';
  text: string;
}>;

export type SessionDetail = Readonly<{
  session: SessionRow;
  events: readonly StoredEvent[];
}>;

export type StoredEvent = Readonly<{
  seq: number;
  at_ms: number;
  wall: string;
  kind: string;
  payload: Readonly<Record<string, unknown>>;
}>;

/** Of one call. `audio` is where its sound is, "" where there is none to be had. */
export type RecordingDetail = Readonly<{
  call_id: string;
  state: 'kept' | 'making' | 'none' | 'going_on';
  audio: string;
  kept: Kept | null;
  health: RecordingKept | null;
}>;

/** A recording that is complete: the agent is on the left, the customer on the right. */
export type Kept = Readonly<{
  version: number;
  format: 'flac' | 'opus';
  bytes: number;
  duration_ms: number;
  peak_ms: number;
  legs: readonly KeptLeg[];
}>;

/** One channel. Times are call time. */
export type KeptLeg = Readonly<{
  role: 'agent' | 'customer';
  start_ms: number;
  end_ms: number;
  recorded_ms: number;
  muted_ms: number;
  voiced_ms: number;
  level_db: number;
  spans: readonly KeptSpan[];
  peaks: readonly number[];
}>;

export type KeptSpan = Readonly<{
  kind: 'lost' | 'missing' | 'off' | 'paused' | 'silenced';
  start_ms: number;
  end_ms: number;
}>;

/** Figures over a period. Times are the site's; `starts` those of its buckets. */
export type Metrics = Readonly<{
  since: string;
  until: string;
  time_zone: string;
  by: 'agent' | 'queue' | 'site';
  grain: 'day' | 'hour' | 'quarter_hour' | null;
  starts: readonly string[];
  measures: readonly MeasureInfo[];
  groups: readonly Group[];
}>;

/** What a measure is. `hidden` says why it cannot be known here; "" if it can. */
export type MeasureInfo = Readonly<{
  name: string;
  group: string;
  title: string;
  unit: 'count' | 'ms' | 'per_call' | 'per_minute' | 'percent' | 's' | 'score';
  formula: string;
  source: string;
  counted: string;
  better: '' | 'higher' | 'lower';
  hidden: string;
  sessions: Readonly<Record<string, string>> | null;
}>;

/** The site, an agent or a queue. `figures` are of the whole period, by measure; `series` of each bucket in order, None where nothing was counted. */
export type Group = Readonly<{
  id: string;
  name: string;
  sessions: Readonly<Record<string, string>> | null;
  figures: Readonly<Record<string, Figure>>;
  series: Readonly<Record<string, readonly (Figure | null)[]>>;
}>;

/** `value` None: it cannot be known, and nothing is to be shown, least of all 0. `n`: so many calls, lines, advices or hours it rests on. */
export type Figure = Readonly<{
  value: number | null;
  n: number;
  provisional: boolean;
}>;

export type Hits = Readonly<{
  customers: readonly Hit[];
}>;

/** A customer who was found. `value` is what is on file, not what was asked. */
export type Hit = Readonly<{
  id: string;
  name: string;
  email: string;
  phone: string;
  status: string;
  matched: 'email' | 'id' | 'name' | 'order' | 'phone';
  value: string;
  exact: boolean;
  score: number;
}>;

export type CustomerDetail = Readonly<{
  customer: CustomerCard;
  calls: readonly SessionRow[];
}>;

/** What the box has written about a call that is over; None if nothing. */
export type DraftState = Readonly<{
  summary: Summary | null;
  writing: boolean;
  dispositions: readonly string[];
}>;

export type ArticleList = Readonly<{
  articles: readonly ArticleRow[];
}>;

export type ArticleRow = Readonly<{
  id: string;
  title: string;
  passages: number;
  version: number;
  changed: string;
  source: string;
}>;

export type ArticleDetail = Readonly<{
  id: string;
  versions: readonly ArticleVersion[];
}>;

export type ArticleVersion = Readonly<{
  version: number;
  title: string;
  changed: string;
  current: boolean;
  passages: readonly ArticlePassage[];
}>;

export type ArticlePassage = Readonly<{
  section: string;
  text: string;
  steps: readonly string[];
  first_step: number;
}>;

/** `right` of `questions` of the golden set; both 0 without one. */
export type ArticlesChanged = Readonly<{
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
  right: number;
  questions: number;
}>;

export type TriedHits = Readonly<{
  hits: readonly TriedHit[];
}>;

/** A passage that was found, and why. */
export type TriedHit = Readonly<{
  article: string;
  title: string;
  section: string;
  text: string;
  probability: number;
  cited: boolean;
  sense: number;
  wording: number;
  name: number;
}>;

/** Who is signed in; "" and nothing where nobody is. */
export type Me = Readonly<{
  id: string;
  name: string;
  roles: readonly ('admin' | 'agent' | 'supervisor')[];
  must_change: boolean;
  password_length: number;
  csrf: string;
}>;

/** To be told to the customer: as a code, or as a link that no server's log gets to see, since browsers keep what stands behind the # to themselves. */
export type Invite = Readonly<{
  code: string;
  path: string;
  minutes: number;
}>;

export type Invited = Readonly<{
  call_id: string;
}>;

export type PeopleList = Readonly<{
  people: readonly PersonRow[];
}>;

/** `last_seen` is of the sign-ins that have not ended; null without one. */
export type PersonRow = Readonly<{
  id: string;
  name: string;
  roles: readonly ('admin' | 'agent' | 'supervisor')[];
  created: string;
  disabled: boolean;
  must_change: boolean;
  sessions: number;
  last_seen: string | null;
}>;

/** Told once. The account is good for nothing but changing it. */
export type OneTime = Readonly<{
  name: string;
  password: string;
}>;

export type TokenList = Readonly<{
  tokens: readonly TokenRow[];
}>;

export type TokenRow = Readonly<{
  name: string;
  scopes: readonly ('calls' | 'metrics' | 'record')[];
  created: string;
  expires: string;
  made_by: string;
}>;

export type NewToken = Readonly<{
  secret: string;
  expires: string;
}>;

export type AuditPage = Readonly<{
  rows: readonly Entry[];
  next: number | null;
}>;

/** A row of the log. `action` may be one that a newer program writes. */
export type Entry = Readonly<{
  n: number;
  wall: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  hash: string;
}>;

export type Inspection = Readonly<{
  rows: number;
  taken_out: number;
  faults: readonly string[];
  more_faults: number;
  last: number;
  hash: string;
}>;

/** The newest, as far as it has come. */
export type Examination = Readonly<{
  running: boolean;
  begun: string | null;
  looked: number;
  checks: number;
  findings: readonly Finding[];
}>;

export type Finding = Readonly<{
  what: string;
  state: 'ok' | 'soon' | 'unknown' | 'wrong';
  found: string;
  fix: string;
}>;

export type Holds = Readonly<{
  is: 'holds';
  holds: readonly Held[];
}>;

export type Held = Readonly<{
  hold: LegalHold;
  calls: number;
}>;

/** What has to be kept whatever the rules say, and though somebody wants it erased. */
export type LegalHold = Readonly<{
  id: string;
  kind: 'call' | 'customer';
  subject: string;
  reason: string;
  placed_by: string;
  placed: string;
  until: string | null;
}>;

/** Why a call is kept; empty: it goes when it is time. */
export type CallHolds = Readonly<{
  holds: readonly LegalHold[];
}>;

/** Calls of which something went, by what; or would go, if it was a dry run. */
export type Ran = Readonly<{
  is: 'ran';
  dry: boolean;
  recordings: number;
  transcripts: number;
  calls: number;
  held: number;
  audit: number;
  freed: number;
  before: number;
  after: number;
  unfinished: readonly string[];
}>;

/** `waiting` is what is left to do, and when it is done; without it nothing is. */
export type Erased = Readonly<{
  is: 'erased';
  id: string;
  calls: number;
  customers: number;
  freed: number;
  waiting: readonly string[];
  backups: readonly Remains[];
}>;

/** A copy that has not gone yet. Whoever brings it back takes them out of it again. */
export type Remains = Readonly<{
  path: string;
  made: string | null;
  calls: number;
  recordings: number;
  expires: string | null;
}>;

export type ServerMessage =
  | Hello
  | Partner
  | Transcript
  | AiSuggestion
  | ChatLine
  | Gap
  | Sentiment
  | Alert
  | Checklist
  | Customer
  | Summary
  | Recording
  | Status
  | Supervised
  | Ack
  | ErrorSent;

export type ClientMessage =
  | ClientHello
  | Resume
  | Chat
  | Stop
  | Ask
  | Summarise
  | Feedback
  | ChooseCustomer
  | Tick
  | Mute
  | Hold
  | Pause
  | RecordWish
  | Hangup;

export type AgentNews =
  | Duty
  | ErrorSent;

export type AgentMessage =
  | OnDuty
  | Be;

export type FloorNews =
  | Floor
  | Unusual
  | ErrorSent;

export type SupervisorMessage =
  | Follow
  | Listen;

/** How to check a value that came over the wire. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | Readonly<{ oneOf: readonly string[] }>
  | Readonly<{ list: Shape }>
  | Readonly<{ nullable: Shape }>
  | Fields;

/** `[shape]`, or `[shape, what an older box means by leaving it out]`. */
export type Fields = Readonly<{
  fields: Readonly<Record<string, readonly [Shape] | readonly [Shape, unknown]>>;
}>;

export const SHAPES: Readonly<Record<string, Fields>> = {
  "hello": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "hello"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "call_id": [
        "string"
      ],
      "role": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "epoch": [
        "string"
      ],
      "last_seq": [
        "number"
      ],
      "next_audio_seq": [
        "number"
      ],
      "partner": [
        {
          "nullable": "string"
        },
        null
      ],
      "speech": [
        "string",
        "live"
      ],
      "suggestions": [
        "string",
        "live"
      ],
      "version": [
        "string",
        ""
      ]
    }
  },
  "partner": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "partner"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "role": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "event": [
        {
          "oneOf": [
            "away",
            "back",
            "holding",
            "joined",
            "left",
            "muted",
            "unholding",
            "unmuted"
          ]
        }
      ],
      "name": [
        "string",
        ""
      ]
    }
  },
  "transcript": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "transcript"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "speaker": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "text": [
        "string"
      ],
      "is_final": [
        "boolean"
      ],
      "start_ms": [
        "number"
      ],
      "end_ms": [
        "number"
      ],
      "language": [
        "string",
        ""
      ],
      "confidence": [
        "number",
        0.0
      ],
      "words": [
        {
          "list": {
            "fields": {
              "text": [
                "string"
              ],
              "start_ms": [
                "number"
              ],
              "end_ms": [
                "number"
              ],
              "probability": [
                "number"
              ]
            }
          }
        },
        []
      ],
      "failed": [
        "boolean",
        false
      ]
    }
  },
  "ai_suggestion": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "ai_suggestion"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "answers": [
        "string"
      ],
      "action": [
        "string"
      ],
      "suggestion": [
        "string"
      ],
      "reasoning": [
        "string"
      ],
      "confidence": [
        "number"
      ],
      "is_final": [
        "boolean"
      ],
      "status": [
        {
          "oneOf": [
            "done",
            "stopped",
            "streaming",
            "superseded",
            "unavailable"
          ]
        }
      ],
      "sources": [
        {
          "list": {
            "fields": {
              "article": [
                "string"
              ],
              "version": [
                "number"
              ],
              "title": [
                "string"
              ],
              "section": [
                "string"
              ],
              "text": [
                "string"
              ],
              "steps": [
                {
                  "list": "string"
                },
                []
              ],
              "first_step": [
                "number",
                1
              ],
              "probability": [
                "number",
                0.0
              ]
            }
          }
        },
        []
      ],
      "trigger": [
        "string",
        ""
      ]
    }
  },
  "chat": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "chat"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "speaker": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "text": [
        "string"
      ],
      "at_ms": [
        "number"
      ],
      "ref": [
        "string",
        ""
      ]
    }
  },
  "gap": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "gap"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "speaker": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "start_ms": [
        "number"
      ],
      "end_ms": [
        "number"
      ],
      "reason": [
        {
          "oneOf": [
            "busy",
            "lost",
            "paused"
          ]
        }
      ]
    }
  },
  "sentiment": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "sentiment"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "label": [
        {
          "oneOf": [
            "negative",
            "neutral",
            "positive"
          ]
        }
      ],
      "score": [
        "number"
      ],
      "confidence": [
        "number"
      ],
      "source": [
        "string"
      ],
      "quarters": [
        {
          "list": {
            "nullable": "number"
          }
        }
      ],
      "trend": [
        {
          "oneOf": [
            "down",
            "flat",
            "up"
          ]
        }
      ],
      "call_score": [
        "number"
      ]
    }
  },
  "alert": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "alert"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "kind": [
        {
          "oneOf": [
            "mood",
            "rule"
          ]
        }
      ],
      "state": [
        {
          "oneOf": [
            "over",
            "raised",
            "unchecked"
          ]
        }
      ],
      "lines": [
        {
          "list": "string"
        }
      ],
      "text": [
        "string"
      ],
      "severity": [
        {
          "oneOf": [
            "critical",
            "info",
            "warning"
          ]
        },
        "warning"
      ],
      "to": [
        {
          "list": {
            "oneOf": [
              "agent",
              "supervisor"
            ]
          }
        },
        [
          "agent",
          "supervisor"
        ]
      ],
      "rule": [
        "string",
        ""
      ]
    }
  },
  "checklist": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "checklist"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "items": [
        {
          "list": {
            "fields": {
              "id": [
                "string"
              ],
              "text": [
                "string"
              ],
              "weight": [
                "number"
              ],
              "state": [
                {
                  "oneOf": [
                    "done",
                    "late",
                    "missed",
                    "open",
                    "unchecked"
                  ]
                }
              ],
              "by": [
                {
                  "nullable": {
                    "oneOf": [
                      "hand",
                      "rule"
                    ]
                  }
                },
                null
              ],
              "at_ms": [
                "number",
                0
              ],
              "line": [
                "string",
                ""
              ],
              "rule": [
                "string",
                ""
              ]
            }
          }
        }
      ],
      "score": [
        {
          "nullable": "number"
        }
      ]
    }
  },
  "customer": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "customer"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "source": [
        {
          "oneOf": [
            "agent",
            "data",
            "said",
            "start"
          ]
        }
      ],
      "card": [
        {
          "nullable": {
            "fields": {
              "id": [
                "string"
              ],
              "name": [
                "string"
              ],
              "email": [
                "string"
              ],
              "phone": [
                "string"
              ],
              "status": [
                "string"
              ],
              "lifetime_value": [
                {
                  "nullable": "number"
                }
              ],
              "currency": [
                "string"
              ],
              "since": [
                "string"
              ],
              "orders": [
                {
                  "list": {
                    "fields": {
                      "number": [
                        "string"
                      ],
                      "placed": [
                        "string"
                      ],
                      "status": [
                        "string"
                      ],
                      "total": [
                        {
                          "nullable": "number"
                        }
                      ],
                      "currency": [
                        "string"
                      ],
                      "item": [
                        "string"
                      ]
                    }
                  }
                },
                []
              ],
              "tickets": [
                {
                  "list": {
                    "fields": {
                      "number": [
                        "string"
                      ],
                      "opened": [
                        "string"
                      ],
                      "status": [
                        "string"
                      ],
                      "subject": [
                        "string"
                      ]
                    }
                  }
                },
                []
              ],
              "notes": [
                {
                  "list": {
                    "fields": {
                      "written": [
                        "string"
                      ],
                      "author": [
                        "string"
                      ],
                      "text": [
                        "string"
                      ]
                    }
                  }
                },
                []
              ]
            }
          }
        },
        null
      ],
      "matched": [
        {
          "nullable": {
            "oneOf": [
              "email",
              "id",
              "name",
              "order",
              "phone"
            ]
          }
        },
        null
      ],
      "candidates": [
        {
          "list": {
            "fields": {
              "id": [
                "string"
              ],
              "name": [
                "string"
              ],
              "matched": [
                {
                  "oneOf": [
                    "email",
                    "id",
                    "name",
                    "order",
                    "phone"
                  ]
                }
              ],
              "value": [
                "string"
              ],
              "exact": [
                "boolean"
              ]
            }
          }
        },
        []
      ]
    }
  },
  "summary": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "summary"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "id": [
        "string"
      ],
      "purpose": [
        {
          "oneOf": [
            "transfer",
            "wrap_up"
          ]
        }
      ],
      "source": [
        "string"
      ],
      "situation": [
        {
          "list": {
            "fields": {
              "text": [
                "string"
              ],
              "lines": [
                {
                  "list": "string"
                },
                []
              ],
              "quoted": [
                "boolean",
                false
              ]
            }
          }
        },
        []
      ],
      "action": [
        {
          "list": {
            "fields": {
              "text": [
                "string"
              ],
              "lines": [
                {
                  "list": "string"
                },
                []
              ],
              "quoted": [
                "boolean",
                false
              ]
            }
          }
        },
        []
      ],
      "follow_ups": [
        {
          "list": {
            "fields": {
              "text": [
                "string"
              ],
              "lines": [
                {
                  "list": "string"
                },
                []
              ],
              "quoted": [
                "boolean",
                false
              ]
            }
          }
        },
        []
      ],
      "facts": [
        {
          "list": {
            "fields": {
              "kind": [
                {
                  "oneOf": [
                    "amount",
                    "date",
                    "email",
                    "name",
                    "number"
                  ]
                }
              ],
              "text": [
                "string"
              ],
              "line": [
                "string"
              ]
            }
          }
        },
        []
      ],
      "resolution": [
        {
          "oneOf": [
            "",
            "no",
            "partly",
            "yes"
          ]
        },
        ""
      ],
      "resolution_confidence": [
        "number",
        0.0
      ],
      "disposition": [
        "string",
        ""
      ],
      "disposition_confidence": [
        "number",
        0.0
      ],
      "removed": [
        "number",
        0
      ],
      "is_final": [
        "boolean",
        true
      ]
    }
  },
  "recording": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "recording"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "state": [
        {
          "oneOf": [
            "failing",
            "off",
            "on",
            "stopped",
            "waiting"
          ]
        }
      ],
      "choice": [
        "boolean",
        false
      ]
    }
  },
  "status": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "status"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "part": [
        {
          "oneOf": [
            "call",
            "speech",
            "suggestions"
          ]
        }
      ],
      "state": [
        {
          "oneOf": [
            "degraded",
            "ended",
            "live",
            "off",
            "paused",
            "waiting"
          ]
        }
      ],
      "text": [
        "string"
      ],
      "lag_ms": [
        "number",
        0
      ]
    }
  },
  "supervised": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "supervised"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "to": [
        {
          "oneOf": [
            "agent",
            "customer"
          ]
        }
      ],
      "following": [
        "number"
      ],
      "hearing": [
        "number"
      ],
      "names": [
        {
          "list": "string"
        },
        []
      ]
    }
  },
  "ack": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "ack"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "audio_seq": [
        "number"
      ]
    }
  },
  "error": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "error"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "problem": [
        "string"
      ],
      "fix": [
        "string"
      ]
    }
  }
};

export const NEWS_SHAPES: Readonly<Record<string, Fields>> = {
  "duty": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "duty"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "state": [
        {
          "oneOf": [
            "available",
            "away",
            "on_call",
            "wrap_up"
          ]
        }
      ],
      "call_id": [
        "string",
        ""
      ],
      "offer": [
        {
          "nullable": {
            "fields": {
              "call_id": [
                "string"
              ],
              "name": [
                "string"
              ],
              "reason": [
                "string"
              ],
              "waited_ms": [
                "number"
              ],
              "queue": [
                "string",
                ""
              ],
              "customer": [
                {
                  "nullable": {
                    "fields": {
                      "type": [
                        {
                          "oneOf": [
                            "customer"
                          ]
                        }
                      ],
                      "seq": [
                        "number",
                        0
                      ],
                      "source": [
                        {
                          "oneOf": [
                            "agent",
                            "data",
                            "said",
                            "start"
                          ]
                        }
                      ],
                      "card": [
                        {
                          "nullable": {
                            "fields": {
                              "id": [
                                "string"
                              ],
                              "name": [
                                "string"
                              ],
                              "email": [
                                "string"
                              ],
                              "phone": [
                                "string"
                              ],
                              "status": [
                                "string"
                              ],
                              "lifetime_value": [
                                {
                                  "nullable": "number"
                                }
                              ],
                              "currency": [
                                "string"
                              ],
                              "since": [
                                "string"
                              ],
                              "orders": [
                                {
                                  "list": {
                                    "fields": {
                                      "number": [
                                        "string"
                                      ],
                                      "placed": [
                                        "string"
                                      ],
                                      "status": [
                                        "string"
                                      ],
                                      "total": [
                                        {
                                          "nullable": "number"
                                        }
                                      ],
                                      "currency": [
                                        "string"
                                      ],
                                      "item": [
                                        "string"
                                      ]
                                    }
                                  }
                                },
                                []
                              ],
                              "tickets": [
                                {
                                  "list": {
                                    "fields": {
                                      "number": [
                                        "string"
                                      ],
                                      "opened": [
                                        "string"
                                      ],
                                      "status": [
                                        "string"
                                      ],
                                      "subject": [
                                        "string"
                                      ]
                                    }
                                  }
                                },
                                []
                              ],
                              "notes": [
                                {
                                  "list": {
                                    "fields": {
                                      "written": [
                                        "string"
                                      ],
                                      "author": [
                                        "string"
                                      ],
                                      "text": [
                                        "string"
                                      ]
                                    }
                                  }
                                },
                                []
                              ]
                            }
                          }
                        },
                        null
                      ],
                      "matched": [
                        {
                          "nullable": {
                            "oneOf": [
                              "email",
                              "id",
                              "name",
                              "order",
                              "phone"
                            ]
                          }
                        },
                        null
                      ],
                      "candidates": [
                        {
                          "list": {
                            "fields": {
                              "id": [
                                "string"
                              ],
                              "name": [
                                "string"
                              ],
                              "matched": [
                                {
                                  "oneOf": [
                                    "email",
                                    "id",
                                    "name",
                                    "order",
                                    "phone"
                                  ]
                                }
                              ],
                              "value": [
                                "string"
                              ],
                              "exact": [
                                "boolean"
                              ]
                            }
                          }
                        },
                        []
                      ]
                    }
                  }
                },
                null
              ]
            }
          }
        },
        null
      ]
    }
  },
  "error": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "error"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "problem": [
        "string"
      ],
      "fix": [
        "string"
      ]
    }
  }
};

export const FLOOR_SHAPES: Readonly<Record<string, Fields>> = {
  "floor": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "floor"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "whole": [
        "boolean"
      ],
      "at": [
        "string"
      ],
      "calls": [
        {
          "list": {
            "fields": {
              "call_id": [
                "string"
              ],
              "state": [
                {
                  "oneOf": [
                    "active",
                    "waiting"
                  ]
                }
              ],
              "agent": [
                "string"
              ],
              "customer": [
                "string"
              ],
              "reason": [
                "string"
              ],
              "since": [
                "string"
              ],
              "mood": [
                {
                  "nullable": {
                    "oneOf": [
                      "negative",
                      "neutral",
                      "positive"
                    ]
                  }
                },
                null
              ],
              "trend": [
                {
                  "oneOf": [
                    "down",
                    "flat",
                    "up"
                  ]
                },
                "flat"
              ],
              "unread": [
                "boolean",
                false
              ],
              "lag_ms": [
                "number",
                0
              ],
              "recording": [
                {
                  "oneOf": [
                    "failing",
                    "off",
                    "on",
                    "stopped",
                    "waiting"
                  ]
                },
                "off"
              ],
              "following": [
                "number",
                0
              ],
              "hearing": [
                "number",
                0
              ],
              "alerts": [
                {
                  "list": {
                    "fields": {
                      "kind": [
                        {
                          "oneOf": [
                            "mood",
                            "rule"
                          ]
                        }
                      ],
                      "severity": [
                        {
                          "oneOf": [
                            "critical",
                            "info",
                            "warning"
                          ]
                        }
                      ],
                      "text": [
                        "string"
                      ]
                    }
                  }
                },
                []
              ],
              "queue": [
                "string",
                ""
              ]
            }
          }
        },
        []
      ],
      "over": [
        {
          "list": "string"
        },
        []
      ],
      "wall": [
        {
          "nullable": {
            "fields": {
              "agents": [
                {
                  "list": {
                    "fields": {
                      "id": [
                        "string"
                      ],
                      "name": [
                        "string"
                      ],
                      "state": [
                        {
                          "oneOf": [
                            "available",
                            "away",
                            "on_call",
                            "wrap_up"
                          ]
                        }
                      ],
                      "since": [
                        "string"
                      ]
                    }
                  }
                }
              ],
              "speech": [
                {
                  "oneOf": [
                    "degraded",
                    "live",
                    "off",
                    "paused"
                  ]
                }
              ],
              "suggestions": [
                {
                  "oneOf": [
                    "degraded",
                    "live",
                    "off",
                    "paused"
                  ]
                }
              ],
              "record": [
                {
                  "oneOf": [
                    "failing",
                    "live"
                  ]
                }
              ],
              "recordings": [
                {
                  "oneOf": [
                    "failing",
                    "filling",
                    "full",
                    "ok"
                  ]
                }
              ],
              "lag_ms": [
                "number"
              ],
              "reading": [
                {
                  "nullable": "number"
                }
              ],
              "room": [
                {
                  "nullable": "number"
                }
              ]
            }
          }
        },
        null
      ]
    }
  },
  "unusual": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "unusual"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "anomalies": [
        {
          "list": {
            "fields": {
              "measure": [
                "string"
              ],
              "title": [
                "string"
              ],
              "unit": [
                "string"
              ],
              "kind": [
                {
                  "oneOf": [
                    "limit",
                    "unusual"
                  ]
                }
              ],
              "value": [
                "number"
              ],
              "usual": [
                "number"
              ],
              "since": [
                "string"
              ]
            }
          }
        }
      ]
    }
  },
  "error": {
    "fields": {
      "type": [
        {
          "oneOf": [
            "error"
          ]
        }
      ],
      "seq": [
        "number",
        0
      ],
      "problem": [
        "string"
      ],
      "fix": [
        "string"
      ]
    }
  }
};
