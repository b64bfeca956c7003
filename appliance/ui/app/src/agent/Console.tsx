/** The agent in a call. */

import {
  AISuggestionPanel,
  AlertCard,
  CallControls,
  ChecklistCard,
  ConnectionBadge,
  CustomerInfoCard,
  clock,
  currentWarning,
  HeardIn,
  type LiveCall,
  LiveLevelMeter,
  RecordingSign,
  SentimentTrend,
  SupervisionSign,
  TranscriptView,
  useAudio,
  useCall,
} from '@agent/ui';
import { BookOpenText, Keyboard, NotebookPen, PanelsTopLeft } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { clsx } from '../clsx';
import type { Place } from '../session/seat';
import { audio } from '../session/sound';
import { Composer } from '../shell/Composer';
import { SoundNotice } from '../shell/SoundNotice';
import { ArrivalHeading, TabTitle } from '../shell/Title';
import { useNow } from '../shell/useNow';
import { useAppTexts } from '../texts/Texts';
import { CallNotices } from './CallNotices';
import { EndDialog, HelpDialog } from './dialogs';
import { FindCustomer } from './FindCustomer';
import { TransferSummary } from './TransferSummary';
import { useAdvice } from './useAdvice';
import { useCallKeys } from './useCallKeys';
import { useEarlierCalls } from './useEarlierCalls';

type Pane = 'transcript' | 'advice' | 'customer';

export function Console({ live, place }: Readonly<{ live: LiveCall; place: Place }>) {
  const { call: texts, audio: sound } = useAppTexts();
  const { call, connection } = useCall(live);
  const { muted, holding } = useAudio(audio);
  const [draft, setDraft] = useState('');
  const [quiet, setQuiet] = useState(false);
  const [pane, setPane] = useState<Pane>('transcript');
  const end = useRef<HTMLDialogElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const transfer = useRef<HTMLDialogElement>(null);
  const summarise = () => {
    live.tell({ type: 'summarise' });
    transfer.current?.showModal();
  };
  const advice = useAdvice(live, call, setDraft);
  const { earlier, retry } = useEarlierCalls(call.partner.name, call.id, call.customer?.card?.id);
  const [shown, setShown] = useState<Readonly<{ line: string }> | null>(null);
  const show = (line: string) => {
    setShown({ line });
    setPane('transcript');
  };
  const names = useMemo(() => ({ customer: call.partner.name }), [call.partner.name]);
  const paused = call.call.state === 'paused';
  const pause = (on: boolean) => live.tell({ type: 'pause', on });

  useCallKeys({
    m: () => audio.mute(!muted),
    h: () => audio.hold(!holding),
    p: () => pause(!paused),
    q: () => setQuiet(!quiet),
    e: () => end.current?.showModal(),
    t: summarise,
    '?': () => help.current?.showModal(),
    s: advice.stop,
    u: advice.use,
    c: advice.copy,
  });

  return (
    <div className={clsx('console', quiet && 'console--quiet')} data-pane={pane}>
      <TabTitle>{texts.title(call.partner.name)}</TabTitle>{' '}
      <header className="console__head">
        <div className="console__title">
          <ArrivalHeading>{texts.title(call.partner.name)}</ArrivalHeading>
          <Timer since={place.startedAt} />
          <ConnectionBadge connection={connection} />
          <HeardIn call={call} />
        </div>
        <div className="console__meters">
          <LiveLevelMeter source={audio.microphoneLevel} label={sound.yourVoice} muted={muted} />
          <LiveLevelMeter source={audio.partnerLevel} label={sound.theirVoice} />
          <button
            type="button"
            className="au-button au-button--quiet au-button--small"
            onClick={summarise}
          >
            <NotebookPen size={16} aria-hidden="true" />
            {texts.summarise}
          </button>
          <button
            type="button"
            className="au-button au-button--quiet au-button--small"
            onClick={() => setQuiet(!quiet)}
          >
            {quiet ? <PanelsTopLeft size={16} /> : <BookOpenText size={16} />}
            {quiet ? texts.quietOff : texts.quiet}
          </button>
          <button
            type="button"
            className="au-button au-button--quiet au-button--small console__help"
            onClick={() => help.current?.showModal()}
          >
            <Keyboard size={16} aria-hidden="true" />
            <kbd className="au-key">?</kbd>
          </button>
        </div>
      </header>
      <Panes pane={pane} onPane={setPane} />
      <aside className="console__customer">
        <CustomerInfoCard
          person={call.partner}
          reason={place.reason}
          earlier={earlier}
          onRetry={retry}
          known={call.epoch === '' ? 'loading' : call.customer}
          onChoose={(id) => live.tell({ type: 'choose_customer', id })}
          onReject={() => live.tell({ type: 'choose_customer', id: '' })}
        >
          <FindCustomer live={live} />
        </CustomerInfoCard>
      </aside>
      <section className="console__talk">
        <SoundNotice />
        <SupervisionSign supervision={call.supervision} />
        <RecordingSign
          recording={call.recording}
          viewer="agent"
          paused={paused}
          onChange={(on) => live.tell({ type: 'record', on, consent: 'verbal' })}
        />
        <CallNotices call={call} />
        <AlertCard
          warning={currentWarning(call)}
          lines={call.lines}
          onShow={show}
          onDismiss={(warning) => live.judge(warning.id, 'dismissed')}
        />
        <TranscriptView
          lines={call.lines}
          pending={call.pending}
          viewer="agent"
          names={names}
          readings={call.mood.readings}
          shown={shown}
        />
        <QuickReplies onChoose={setDraft} />
        <Composer
          label={texts.write}
          send={texts.send}
          draft={draft}
          onDraft={setDraft}
          onSend={(text) => live.chat(text)}
        />
      </section>
      <aside className="console__advice">
        {call.checklist !== null && call.checklist.items.length > 0 && (
          <ChecklistCard
            checklist={call.checklist}
            onShow={show}
            onTick={(item, on) => live.tell({ type: 'tick', item, on })}
          />
        )}
        <SentimentTrend mood={call.mood} lines={call.lines} onShow={show} />
        <AISuggestionPanel
          advice={advice.current}
          earlier={advice.earlier}
          answers={advice.answers}
          trigger={advice.trigger}
          part={call.suggestions}
          onUse={advice.use}
          onCopy={advice.copy}
          onDismiss={advice.dismiss}
          onStop={advice.stop}
          onAsk={advice.ask}
        />
      </aside>
      <footer className="console__controls">
        <CallControls
          muted={muted}
          onMute={audio.mute}
          holding={holding}
          onHold={audio.hold}
          paused={paused}
          onPause={pause}
          onEnd={() => end.current?.showModal()}
        />
      </footer>
      <EndDialog ref={end} onEnd={() => live.tell({ type: 'hangup' })} />
      <HelpDialog ref={help} />
      <TransferSummary ref={transfer} live={live} summary={call.summary} />
    </div>
  );
}

function Timer({ since }: Readonly<{ since: number }>) {
  return <span className="console__timer">{clock(useNow() - since)}</span>;
}

/** On a narrow screen one part is seen at a time. */
function Panes({ pane, onPane }: Readonly<{ pane: Pane; onPane: (pane: Pane) => void }>) {
  const { call } = useAppTexts();
  return (
    <fieldset className="panes" aria-label={call.panesLabel}>
      {(['transcript', 'advice', 'customer'] as const).map((name) => (
        <button
          key={name}
          type="button"
          className="panes__one au-focus"
          aria-pressed={pane === name}
          onClick={() => onPane(name)}
        >
          {call.panes[name]}
        </button>
      ))}
    </fieldset>
  );
}

function QuickReplies({ onChoose }: Readonly<{ onChoose: (text: string) => void }>) {
  const { call } = useAppTexts();
  return (
    <fieldset className="quick" aria-label={call.quick}>
      {call.quickReplies.map((reply) => (
        <button
          key={reply}
          type="button"
          className="quick__one au-focus"
          onClick={() => onChoose(reply)}
        >
          {reply}
        </button>
      ))}
    </fieldset>
  );
}
