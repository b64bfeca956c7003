import { Frown, Smile } from 'lucide-react';
import { memo } from 'react';
import type { GapLine, Line, MoodReading, Role, SpokenLine } from '../call/state';
import { useTexts } from '../texts/Texts';
import { ChatMessage } from './ChatMessage';
import { clock, localeOf } from './format';

type Props = Readonly<{
  line: Line;
  before: Line | null;
  viewer: Role | null;
  names: Partial<Record<Role, string>>;
  sending: boolean;
  mood: MoodReading['label'];
  onPick?: ((line: Line) => void) | undefined;
}>;

/** One line; most never change again, so they are drawn once. */
export const TranscriptLine = memo(function TranscriptLine(props: Props) {
  const { line, before, viewer, names, sending, mood, onPick } = props;
  const texts = useTexts();
  const first = before === null || before.speaker !== line.speaker || before.kind === 'gap';
  const name = line.speaker === viewer ? texts.you : names[line.speaker] || texts[line.speaker];
  return (
    <div className={`au-line ${first ? 'au-line--first' : ''}`}>
      {onPick ? (
        <button type="button" className="au-line__time au-focus" onClick={() => onPick(line)}>
          {clock(line.atMs)}
        </button>
      ) : (
        <span className="au-line__time">{first && !sending && clock(line.atMs)}</span>
      )}
      <div>
        {first && line.kind !== 'gap' && (
          <span className={`au-line__who au-line__who--${line.speaker}`} dir="auto">
            {name}
          </span>
        )}
        <Content line={line} sending={sending} />
      </div>
      <MoodMark label={mood} />
    </div>
  );
});

function Content({ line, sending }: Readonly<{ line: Line; sending: boolean }>) {
  if (line.kind === 'chat')
    return <ChatMessage text={line.text} speaker={line.speaker} sending={sending} />;
  return line.kind === 'gap' ? <Gap line={line} /> : <Spoken line={line} />;
}

/** A mark, not a colour of the words: they are what is to be read. */
function MoodMark({ label }: Readonly<{ label: MoodReading['label'] }>) {
  const { mood } = useTexts();
  if (label === 'neutral') return null;
  const Face = label === 'negative' ? Frown : Smile;
  return (
    <span className={`au-line__mood au-line__mood--${label}`} title={mood.labels[label]}>
      <Face size={16} aria-hidden="true" />
      <span className="au-visually-hidden">{mood.labels[label]}</span>
    </span>
  );
}

function Spoken({ line }: Readonly<{ line: SpokenLine }>) {
  const { transcript } = useTexts();
  if (line.failed) return <p className="au-line__text au-line__text--note">{transcript.failed}</p>;
  return (
    <p
      className={`au-line__text ${line.isFinal ? '' : 'au-line__text--tentative'}`}
      dir="auto"
      lang={line.language || undefined}
    >
      {line.text}
      {!line.isFinal && <span className="au-visually-hidden"> ({transcript.tentative})</span>}
    </p>
  );
}

function Gap({ line }: Readonly<{ line: GapLine }>) {
  const { transcript, language } = useTexts();
  const seconds = ((line.endMs - line.atMs) / 1000).toLocaleString(localeOf(language), {
    maximumFractionDigits: 1,
  });
  return <p className="au-line__text au-line__text--note">{transcript[line.reason](seconds)}</p>;
}
