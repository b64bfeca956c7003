"""Articles out of Markdown, HTML and CSV files. Only their text is kept: no markup, script
or style of a file ever reaches a page."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

from appliance.errors import KnowledgeError
from appliance.knowledge.articles import Article, Block, id_of, split

SUFFIXES = (".md", ".markdown", ".html", ".htm", ".csv")

MOST_BYTES = 8 << 20

# Whose content is no text of the article.
_UNREAD = "script style template noscript svg iframe object head nav"
_BLOCKS = (
    "p div li ul ol table tr section article blockquote pre dl dt dd br hr main "
    "h1 h2 h3 h4 h5 h6"
)
UNREAD = frozenset(_UNREAD.split())
BLOCKS = frozenset(_BLOCKS.split())
HEADINGS = frozenset(tag for tag in BLOCKS if tag[0] == "h" and tag[1:].isdigit())

# Headers of a CSV file by what they mean, the first that is there.
COLUMNS = {
    "id": ("id", "number", "key"),
    "title": ("title", "question", "name", "subject"),
    "text": ("text", "body", "answer", "content"),
    "section": ("section", "heading"),
    "about": ("about", "product", "entity"),
}

_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def read_file(path: Path) -> list[Article]:
    """Raises KnowledgeError for a file that is none, too large or without text."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise KnowledgeError(
                f"{path.name} has more than {MOST_BYTES >> 20} MB.",
                fix="Divide it: an article is what answers one question.",
            )
        data = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(
            f"{path} cannot be read: {error.strerror}.", fix="Check the path."
        ) from error
    return read(path.name, data)


def read(name: str, data: bytes) -> list[Article]:
    """The articles of a file of that name. Raises KnowledgeError."""
    suffix = Path(name).suffix.lower()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise KnowledgeError(
            f"{name} is not UTF-8 (byte {error.start}).", fix="Save it as UTF-8."
        ) from error
    if suffix == ".csv":
        found = list(_of_csv(name, text))
    elif suffix in SUFFIXES:
        found = [_of_page(name, text, markdown=suffix in (".md", ".markdown"))]
    else:
        raise KnowledgeError(
            f"{name} is no article: its name ends in {suffix or 'nothing'}.",
            fix=f"Bring one of {', '.join(SUFFIXES)}.",
        )
    empty = [article for article in found if not article.id or not article.passages]
    if empty or not found:
        raise KnowledgeError(
            f"{name} has no article with text in it.", fix="Give it a title and text."
        )
    return found


def _of_page(name: str, text: str, *, markdown: bool) -> Article:
    facts: dict[str, str] = {}
    if markdown:
        facts, text = _front_matter(text)
        text = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    page = _Page()
    page.feed(text)
    page.close()
    blocks = page.finished()
    stem = Path(name).stem
    first = next((block.text for block in blocks if block.kind == "heading"), "")
    title = facts.get("title") or page.title.strip() or first or stem
    if blocks and blocks[0] == Block("heading", title):
        blocks = blocks[1:]
    return Article(
        id=id_of(facts.get("id") or stem),
        title=title,
        passages=split(blocks),
        about=_names(facts.get("about", "")),
        source=name,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """`key: value` lines between two of three dashes at the top."""
    head = _HEAD.match(text)
    if head is None:
        return {}, text
    pairs = (line.partition(":") for line in head[1].splitlines())
    return {key.strip().lower(): value.strip() for key, _, value in pairs}, text[
        head.end() :
    ]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())


def _of_csv(name: str, text: str) -> Iterator[Article]:
    """An article for each id, or title where there is none; its rows are its sections."""
    rows = csv.DictReader(io.StringIO(text))
    headers = {header.strip().lower(): header for header in rows.fieldnames or ()}
    column = {
        field: next((headers[known] for known in known_as if known in headers), "")
        for field, known_as in COLUMNS.items()
    }
    if not column["title"] or not column["text"]:
        raise KnowledgeError(
            f"{name} has no column for the {'text' if column['title'] else 'title'}.",
            fix="Name the columns title and text (and id, section, about).",
        )
    gathered: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        values = {f: (row.get(c) or "").strip() if c else "" for f, c in column.items()}
        gathered.setdefault(id_of(values["id"] or values["title"]), []).append(values)
    for key, sections in gathered.items():
        blocks = [
            block
            for values in sections
            for block in (
                Block("heading", values["section"]),
                *(Block("text", part) for part in values["text"].split("\n") if part),
            )
        ]
        yield Article(
            id=key,
            title=sections[0]["title"],
            passages=split(blocks),
            about=_names(sections[0]["about"]),
            source=name,
        )


class _Page(HTMLParser):
    """The text of an HTML page as blocks; the list items of an `ol` are steps."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._blocks: list[Block] = []
        self._text = ""
        self._unread = 0  # elements that are not read and stand open
        self._lists: list[str] = []
        self._heading = False
        self._in_title = False

    def finished(self) -> list[Block]:
        self._end_block()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs  # links, handlers and styles are left behind
        self._in_title = tag == "title"
        if tag in UNREAD:
            self._unread += tag != "head"
        if tag in BLOCKS:
            self._end_block()
        if tag in ("ol", "ul"):
            self._lists.append(tag)
        self._heading = self._heading or tag in HEADINGS
        if tag in ("td", "th") and self._text:
            self._text += " "

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag in UNREAD and tag != "head":
            self._unread = max(0, self._unread - 1)
        if tag in BLOCKS:
            self._end_block()
        if tag in HEADINGS:
            self._heading = False
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._unread:
            self._text += data

    def _end_block(self) -> None:
        text, self._text = " ".join(self._text.split()), ""
        if not text:
            return
        if self._heading:
            self._blocks.append(Block("heading", text))
        elif self._lists and self._lists[0] == "ol":
            self._blocks.append(Block("step", text))
        else:
            self._blocks.append(Block("text", text))
