import { useTexts } from '../texts/Texts';

type Props = Readonly<{
  text: string;
  mine: boolean;
  /** Shown before the box has it. */
  sending?: boolean;
}>;

export function ChatMessage({ text, mine, sending = false }: Props) {
  const { transcript } = useTexts();
  const looks = `${mine ? 'au-chat--mine' : ''} ${sending ? 'au-chat--sending' : ''}`;
  return (
    <div className={`au-chat ${looks}`} dir="auto">
      {text}
      {sending && <span className="au-chat__state">{transcript.sending}</span>}
    </div>
  );
}
