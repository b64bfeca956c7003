"""A replay drawn for a terminal: conversation left, advice right, the state below."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from appliance.messages import AiSuggestion
from appliance.replay.conversation import Conversation, Line
from appliance.replay.plain import clock
from appliance.shown import escaped

VOICE = {"agent": "cyan", "customer": "green"}
STATE = {"live": "green", "degraded": "yellow", "paused": "red", "off": "dim"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the replay is."""

    title: str
    sent_ms: int
    duration_ms: int
    speed: float
    doing: str


class Newest:
    """As many of the last lines as fit: what is said now stays in sight."""

    def __init__(self, content: RenderableType) -> None:
        self.content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or options.max_height
        lines = console.render_lines(self.content, options.update(height=None), pad=False)
        for line in lines[-height:]:
            yield from line
            yield Segment.line()


def draw(conversation: Conversation, progress: Progress) -> Layout:
    """The whole screen; it takes the height of the terminal."""
    turns = Table.grid(padding=(0, 1))
    for line in conversation.lines()[-60:]:
        turns.add_row(*_cells(line))
    advice = Group(*[_advice(one) for one in conversation.advice()[-12:]])
    screen, top = Layout(), Layout(name="top")
    title = Text(escaped(progress.title))
    top.split_row(
        Layout(Panel(Newest(turns), title=title, border_style="dim"), ratio=3),
        Layout(Panel(Newest(advice), title="advice", border_style="dim"), ratio=2),
    )
    screen.split_column(top, Layout(_status(conversation, progress), size=1))
    return screen


def _cells(line: Line) -> tuple[Text, Text, Text]:
    colour = VOICE[line.speaker]
    said = f"{colour} bold" if line.is_final else f"{colour} dim italic"
    return (
        Text(clock(line.start_ms), style="dim"),
        Text(f"{line.speaker:>8}", style=colour),
        Text(escaped(line.text), style="yellow dim" if line.is_note else said),
    )


def _advice(advice: AiSuggestion) -> Text:
    writing = advice.status == "streaming"
    text = Text()
    if advice.action:
        text.append(f"{escaped(advice.action)} {advice.confidence:.0%}", style="magenta")
    if advice.status not in ("streaming", "done"):
        text.append(f" {advice.status}", style="yellow")
    text.append(f"\n{escaped(advice.suggestion)}", style="" if writing else "bold")
    text.append("▌" if writing else "", style="magenta")
    if advice.reasoning:
        text.append(f"\n{escaped(advice.reasoning)}", style="dim")
    return text.append("\n")


def _status(conversation: Conversation, progress: Progress) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f" {clock(progress.sent_ms)} / {clock(progress.duration_ms)}")
    text.append(f"  speed {progress.speed:g}", style="dim")
    for part in ("speech", "suggestions"):
        state = conversation.state_of(part)
        if state.state:
            text.append(f"  {part} ", style="dim")
            text.append(state.state, style=STATE.get(state.state, ""))
    if conversation.lag_ms:
        text.append(f"  lag {conversation.lag_ms / 1000:.1f} s", style="yellow")
    text.append(f"  {progress.doing}", style="dim")
    if conversation.problems:
        newest = conversation.problems[-1]
        text.append(escaped(f"  {newest.problem} {newest.fix}"), style="red")
    return text
