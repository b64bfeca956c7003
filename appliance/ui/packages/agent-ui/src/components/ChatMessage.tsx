import type { Role } from '../call/state';
import { useTexts } from '../texts/Texts';

type Props = Readonly<{
  text: string;
  speaker: Role;
  /** Shown before the box has it. */
  sending?: boolean;
}>;

export function ChatMessage({ text, speaker, sending = false }: Props) {
  const { transcript } = useTexts();
  const looks = `au-chat--${speaker} ${sending ? 'au-chat--sending' : ''}`;
  return (
    <div className={`au-chat ${looks}`} dir="auto">
      {text}
      {sending && <span className="au-chat__state">{transcript.sending}</span>}
    </div>
  );
}
