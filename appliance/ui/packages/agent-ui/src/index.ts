/** Components and hooks for people who talk to customers. */

import './styles.css';

export {
  AudioCall,
  type AudioSettings,
  type AudioState,
  DEFAULT_SETTINGS,
} from './audio/audio-call';
export { Headphones, type HeadphonesState } from './audio/headphones';
export { Level } from './audio/level';
export type { AudioProblem } from './audio/problem';
export { advance, became, judged, receive, typed } from './call/advance';
export { LiveCall } from './call/live-call';
export { browserOutside } from './call/outside';
export type { Connection, Outside, Snapshot, Ticket } from './call/port';
export { callFromRecord, withEvent } from './call/restore';
export * from './call/state';
export { AdviceSources } from './components/AdviceSources';
export { AISuggestionPanel } from './components/AISuggestionPanel';
export { AlertCard } from './components/AlertCard';
export { AudioLevelMeter, LiveLevelMeter } from './components/AudioLevelMeter';
export { Button } from './components/Button';
export { CallControls } from './components/CallControls';
export { ChatMessage } from './components/ChatMessage';
export { ChecklistCard } from './components/ChecklistCard';
export { ConnectionBadge } from './components/ConnectionBadge';
export { CustomerFacts } from './components/CustomerFacts';
export { CustomerInfoCard, type EarlierCall } from './components/CustomerInfoCard';
export { CustomerSearch, type SearchState } from './components/CustomerSearch';
export { clock, initials, localeOf } from './components/format';
export { HeardIn } from './components/HeardIn';
export { RecordingSign } from './components/RecordingSign';
export { SentimentTrend } from './components/SentimentTrend';
export { SupervisionSign } from './components/SupervisionSign';
export { TranscriptView } from './components/TranscriptView';
export { type AgentState, Desk, type DeskState } from './desk/desk';
export { useAudio, useAudioCall, useLevel } from './hooks/useAudioCall';
export { useCall } from './hooks/useCall';
export { type FloorState, FloorWatch } from './supervision/floor';
export { Following, type FollowingState } from './supervision/following';
export { de } from './texts/de';
export { en, type Texts } from './texts/en';
export { TextsContext, useTexts } from './texts/Texts';
export { checked, decode } from './wire/decode';
export type * from './wire/types';
