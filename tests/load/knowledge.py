"""Articles in their thousands: how long a build, a change and a question take.

    python -m tests.load.knowledge FOLDER

FOLDER has the set dstc10_task2: 12,039 answers of 669 places, an article each. Asked are
the last turns of its calls, with all that was said before, of a worker as the box has it: a
process with one thread for the sentence model.
"""

import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path

import anyio
import msgspec
import numpy as np

from appliance.cli.building import knowledge_worker, sentence_model
from appliance.eval.retrieval import Set, dstc10
from appliance.knowledge.articles import Article, Passage
from appliance.knowledge.bert import Bert
from appliance.knowledge.port import Find, pack, unpack_found
from appliance.knowledge.updating import Sentences, update
from appliance.settings import ServerSettings, Settings, read_settings
from appliance.workers.port import ask
from appliance.workers.supervisor import Worker

THRESHOLD = 0.5
ROUNDS = 3
CHANGED = "The towels are changed on every second Thursday."


def articles_of(chosen: Set) -> list[Article]:
    """One for each place, with a section for each of its questions."""
    return [
        Article(
            id=key,
            title=found[0].about[0] if found[0].about else key,
            about=found[0].about,
            passages=tuple(
                Passage(section=entry.title, text=entry.passage.text) for entry in found
            ),
        )
        for key, group in groupby(chosen.entries, key=lambda entry: entry.article)
        if (found := list(group))
    ]


async def asked(worker: Worker, chosen: Set) -> list[float]:
    """Milliseconds of each question, one after the other."""
    times = []
    for _ in range(ROUNDS):
        for one in chosen.asked:
            began = time.perf_counter()
            await ask(worker, pack(Find(asked=one.text, before=one.before)))
            times.append((time.perf_counter() - began) * 1000)
    return times


async def seconds_until_found(worker: Worker, began: float) -> float:
    """From the beginning of the change until a question is answered from it."""
    while True:
        reply = unpack_found(await ask(worker, pack(Find(asked=CHANGED))))
        if any(hit.entry.passage.text == CHANGED for hit in reply.hits):
            return time.perf_counter() - began


async def measure(settings: Settings, chosen: Set, articles: list[Article]) -> None:
    model = sentence_model(settings)
    worker = knowledge_worker(settings, model)
    sentences = Sentences(model.name, Bert(model.path).vectors) if model else Sentences()
    folder = Path(settings.server.data_dir)
    async with anyio.create_task_group() as work:
        work.start_soon(worker.run)
        await worker.settled()
        times = await asked(worker, chosen)
        p50, p95 = np.percentile(times, (50, 95))
        print(f"{len(times)} questions: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
        passages = (*articles[0].passages[1:], Passage(section="", text=CHANGED))
        changed = msgspec.structs.replace(articles[0], passages=passages)
        began = time.perf_counter()
        await anyio.to_thread.run_sync(
            lambda: update(folder, [changed], sentences, threshold=THRESHOLD)
        )
        print(f"one article changed: {time.perf_counter() - began:.2f} s")
        print(f"and found: {await seconds_until_found(worker, began):.2f} s")
        work.cancel_scope.cancel()


def main() -> None:
    chosen = dstc10(Path(sys.argv[1]))
    articles = articles_of(chosen)
    with tempfile.TemporaryDirectory() as folder:
        settings = msgspec.structs.replace(
            read_settings(None), server=ServerSettings(data_dir=folder)
        )
        model = sentence_model(settings)
        embed = Bert(model.path, threads=2).vectors if model else None
        sentences = Sentences(model.name if model else "", embed)
        began = time.perf_counter()
        update(Path(folder), articles, sentences, threshold=THRESHOLD)
        count = sum(len(article.passages) for article in articles)
        print(f"{count} passages built: {time.perf_counter() - began:.1f} s")
        anyio.run(measure, settings, chosen, articles)


if __name__ == "__main__":
    main()
