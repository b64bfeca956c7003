import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Line, MoodReading, PendingChat, Role } from '../call/state';
import { useTexts } from '../texts/Texts';
import { Button } from './Button';
import { TranscriptLine } from './TranscriptLine';

type Props = Readonly<{
  lines: readonly Line[];
  /** Typed here and not shown back by the box yet. */
  pending?: readonly PendingChat[];
  /** Whose screen it is; null for somebody who was not in the call. */
  viewer: Role | null;
  /** Names of the two, where known. */
  names?: Partial<Record<Role, string>>;
  /** How lines of the customer read. */
  readings?: readonly MoodReading[];
  /** A line to bring into view; again with each new object. */
  shown?: Readonly<{ line: string }> | null;
  /** Of a record: go to where this was said. */
  onPick?: (line: Line) => void;
}>;

/** Nearer to the end than this is at the end: a wheel notch is 100 px or so. */
const AT_END_PX = 40;
const GUESSED_HEIGHT_PX = 34;
const SPARE_LINES = 12;

/**
 * The words of a call. Follows the end until the reader scrolls away from it; a line that
 * changes keeps its place. Only what is on the screen is in the page: a two-hour call has
 * 3,000 lines.
 */
export function TranscriptView(props: Props) {
  const { lines, pending = [], viewer, names = {}, readings = [], shown = null, onPick } = props;
  const texts = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const all = [...lines, ...pending.map((line) => asLine(line, viewer ?? 'agent'))];
  const rows = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => GUESSED_HEIGHT_PX,
    getItemKey: (n) => all[n]?.id ?? n,
    overscan: SPARE_LINES,
  });
  const height = rows.getTotalSize();
  const labels = useMemo(
    () => new Map(readings.map(({ line, label }) => [line, label])),
    [readings],
  );

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the height has changed
  useLayoutEffect(() => {
    if (follows) toEnd();
  }, [follows, toEnd, height]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const resized = new ResizeObserver(() => follows && toEnd());
    resized.observe(element);
    return () => resized.disconnect();
  }, [follows, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish, not for each line
  useEffect(() => {
    const wanted = shown === null ? -1 : all.findIndex(({ id }) => id === shown.line);
    if (wanted < 0) return;
    setFollows(false);
    rows.scrollToIndex(wanted, { align: 'center' });
  }, [shown]);

  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollows(left < AT_END_PX);
  };

  return (
    <section className="au-transcript" aria-label={texts.transcript.label}>
      <div
        ref={scroller}
        className="au-transcript__scroll au-focus"
        onScroll={onScroll}
        role="log"
        // Off: a screen reader must not talk over the caller.
        aria-live="off"
        aria-label={texts.transcript.label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
        tabIndex={0}
      >
        {all.length === 0 && <p className="au-transcript__empty">{texts.transcript.empty}</p>}
        <div className="au-transcript__inner" style={{ height }}>
          {rows.getVirtualItems().map((row) => {
            const line = all[row.index];
            return (
              line && (
                <div
                  key={row.key}
                  ref={rows.measureElement}
                  data-index={row.index}
                  className="au-transcript__row"
                  data-shown={line.id === shown?.line || undefined}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <TranscriptLine
                    line={line}
                    before={all[row.index - 1] ?? null}
                    viewer={viewer}
                    names={names}
                    sending={row.index >= lines.length}
                    onPick={onPick}
                    mood={labels.get(line.id) ?? 'neutral'}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <p className="au-visually-hidden" role="status">
        {lastFromOther(lines, viewer)}
      </p>
      {!follows && (
        <Button
          className="au-transcript__new"
          onClick={() => setFollows(true)}
          icon={<ArrowDown size={16} />}
        >
          {texts.transcript.newBelow}
        </Button>
      )}
    </section>
  );
}

/** What the other person typed is read out; what is spoken can be heard. */
function lastFromOther(lines: readonly Line[], viewer: Role | null): string {
  const last = lines.at(-1);
  return last?.kind === 'chat' && last.speaker !== viewer ? last.text : '';
}

function asLine({ ref, text }: PendingChat, speaker: Role): Line {
  return { kind: 'chat', id: `pending-${ref}`, atMs: 0, speaker, text, ref };
}
