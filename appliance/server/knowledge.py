"""The site's articles over REST: list, preview, try a search, upload, remove."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.errors import ProtocolError
from appliance.knowledge.catalogue import Version
from appliance.knowledge.updating import Report
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer, read_body

MOST_BYTES = 2 << 20
HITS = 8
QUERY_CHARACTERS = 1000


class ArticleRow(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    passages: int
    version: int
    changed: str  # ISO time
    source: str  # file it came from


class ArticleList(Struct, frozen=True, kw_only=True):
    articles: list[ArticleRow]


class ArticlePassage(Struct, frozen=True, kw_only=True):
    section: str
    text: str
    steps: tuple[str, ...]
    first_step: int


class ArticleVersion(Struct, frozen=True, kw_only=True):
    version: int
    title: str
    changed: str  # ISO time
    current: bool
    passages: list[ArticlePassage]


class ArticleDetail(Struct, frozen=True, kw_only=True):
    id: str
    versions: list[ArticleVersion]  # newest first


class TriedHit(Struct, frozen=True, kw_only=True):
    """A passage that was found, and why."""

    article: str
    title: str
    section: str
    text: str
    probability: float  # that it answers, 0..1
    cited: bool  # whether advice would rest on it
    sense: float
    wording: float
    name: float


class TriedHits(Struct, frozen=True, kw_only=True):
    hits: list[TriedHit]  # the best first


class ArticleWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file with articles to add or change."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]  # with its ending
    text: str
    force: bool = False


class RemoveWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    force: bool = False


class ArticlesChanged(Struct, frozen=True, kw_only=True):
    """`right` of `questions` of the golden set; both 0 without one."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    right: int
    questions: int


async def page(box: Box, _request: Request) -> Response:
    rows = [
        ArticleRow(
            id=version.id,
            title=version.title,
            passages=len(version.passages),
            version=version.version,
            changed=version.changed.isoformat(),
            source=version.source,
        )
        for version in await box.articles.articles()
    ]
    return answer(ArticleList(articles=rows))


async def one(box: Box, request: Request) -> Response:
    """Every version of one, in its words then."""
    article = request.path_params["article"]
    versions = await box.articles.versions(article)
    if not versions:
        raise _unknown()
    return answer(ArticleDetail(id=article, versions=[_shown(v) for v in versions]))


async def search(box: Box, request: Request) -> Response:
    """What would be found if a customer said `query`."""
    query = request.query_params.get("query", "")
    if not query.strip() or len(query) > QUERY_CHARACTERS:
        raise ProtocolError(
            f"The query has {len(query)} characters.",
            fix=f"Give 1 to {QUERY_CHARACTERS}: what a customer might say.",
        )
    tried = await box.articles.search(query, HITS)
    hits = [
        TriedHit(
            article=hit.entry.article,
            title=hit.entry.title,
            section=hit.entry.passage.section,
            text=hit.entry.passage.text,
            probability=hit.probability,
            cited=hit.probability >= tried.threshold,
            sense=hit.fit.sense,
            wording=hit.fit.wording,
            name=hit.fit.name,
        )
        for hit in tried.hits
    ]
    return answer(TriedHits(hits=hits))


async def put(box: Box, request: Request) -> Response:
    """Refused where the golden set comes out worse, unless it is forced."""
    wish = await read_body(request, ArticleWish, MOST_BYTES)
    data = wish.text.encode()
    return answer(_told(await box.articles.put(wish.name, data, force=wish.force)))


async def remove(box: Box, request: Request) -> Response:
    """Take one out; its versions stay."""
    wish = await read_body(request, RemoveWish)
    article = request.path_params["article"]
    if not any(version.current for version in await box.articles.versions(article)):
        raise _unknown()
    return answer(_told(await box.articles.remove(article, force=wish.force)))


def _unknown() -> NotFound:
    return NotFound("There is no such article.", fix="See GET /api/knowledge.")


def _shown(version: Version) -> ArticleVersion:
    return ArticleVersion(
        version=version.version,
        title=version.title,
        changed=version.changed.isoformat(),
        current=version.current,
        passages=[
            ArticlePassage(
                section=passage.section,
                text=passage.text,
                steps=passage.steps,
                first_step=passage.first_step,
            )
            for passage in version.passages
        ],
    )


def _told(report: Report) -> ArticlesChanged:
    golden = report.golden
    return ArticlesChanged(
        added=report.added,
        changed=report.changed,
        removed=report.removed,
        right=golden.rights if golden else 0,
        questions=len(golden.answers) if golden else 0,
    )
