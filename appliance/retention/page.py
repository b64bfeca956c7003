"""What somebody is told, as a page that opens anywhere: without scripts, all in one."""

from collections.abc import Iterator
from html import escape

from appliance.messages import CustomerCard
from appliance.retention.told import Told, ToldCall

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "dt{font-weight:bold}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem "
    ".2rem 0}section{border-top:1px solid #999;margin-top:2rem}"
)

_ABOUT = """<p>This is everything that is kept of you here: what is known about you, your
calls with what was said and typed, what was written down of them, and the recordings that
are beside this page. <code>data.json</code> has the same for programs. People who work
here are called "agent". The mood is a number between -100 and 100 that software made of the
words alone. Times are UTC.</p>"""


def page_of(told: Told) -> str:
    """HTML."""
    title = f"What is kept of {told.customer}"
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>Made {told.made:%Y-%m-%d %H:%M} UTC.</p>",
        _ABOUT,
        *(_card(told.card) if told.card else ["<p>There is no card of you.</p>"]),
        f"<h2>Calls: {len(told.calls)}</h2>",
        *(line for call in told.calls for line in _call(call)),
        "</body></html>",
    ]
    return "\n".join(parts)


def _card(card: CustomerCard) -> Iterator[str]:
    value = "" if card.lifetime_value is None else f"{card.lifetime_value} {card.currency}"
    known = {
        "Number": card.id,
        "Name": card.name,
        "E-mail": card.email,
        "Telephone": card.phone,
        "Status": card.status,
        "Value": value,
        "Since": card.since,
    }
    yield "<h2>Your card</h2>"
    yield from _listed(known)
    for order in card.orders:
        yield _paragraph("Order", order.placed, order.number, order.item, order.status)
    for ticket in card.tickets:
        yield _paragraph("Ticket", ticket.opened, ticket.number, ticket.subject)
    for note in card.notes:
        yield _paragraph("Note", note.written, note.text)


def _call(call: ToldCall) -> Iterator[str]:
    yield "<section>"
    yield f"<h3>{call.started:%Y-%m-%d %H:%M}</h3>"
    if call.erased:
        yield "<p>What was said has been taken out.</p>"
    ended = f"{call.ended:%Y-%m-%d %H:%M}" if call.ended else ""
    yield from _listed(
        {
            "Call": call.call_id,
            "Ended": ended,
            "Why you called": call.concern,
            "Outcome": call.outcome,
            "Summary": call.summary,
            "Language": call.language,
            "Mood": "" if call.mood is None else str(call.mood),
        }
    )
    yield "<table>"
    for line in call.lines:
        who = "you" if line.speaker == "customer" else "agent"
        cells = (_clock(line.at_ms), f"{who}, {line.how}", line.text)
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    yield "</table>"
    for note in call.notes:
        yield _paragraph(note.kind, _clock(note.at_ms), note.text)
    for name in call.recordings:
        link = escape(name, quote=True)
        yield f'<p>Recording: <a href="{link}">{link}</a></p>'
    yield "</section>"


def _listed(known: dict[str, str]) -> Iterator[str]:
    yield "<dl>"
    for name, value in known.items():
        if value:
            yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"


def _paragraph(kind: str, *facts: str) -> str:
    return f"<p><b>{escape(kind)}</b> {escape(', '.join(filter(None, facts)))}</p>"


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"
