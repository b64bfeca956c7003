"""A few articles, and a stand-in for sentences: words that both have."""

from collections.abc import Sequence

import numpy as np

from appliance.knowledge.articles import Article
from appliance.knowledge.features import words
from appliance.knowledge.index import Vectors
from appliance.knowledge.reading import read

ARTICLES = {
    "card": "# Lost card\n\nBlock the card.\n\n## Steps\n\n1. Block it.\n2. Send one.\n",
    "hours": "# Opening hours\n\nThe branch is open from nine to five.\n",
    "fees": "# Overdraft fee\n\nAn overdraft costs 35 dollars.\n",
}


def article(name: str, text: str | None = None) -> Article:
    (made,) = read(f"{name}.md", (text or ARTICLES[name]).encode())
    return made


def articles() -> list[Article]:
    return [article(name) for name in ARTICLES]


def by_words(texts: Sequence[str]) -> Vectors:
    """Vectors of length 1 in which each word has its place."""
    rows = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in words(text):
            row[sum(word.encode()) % 64] += 1
        row[0] += 0.01
        row /= np.linalg.norm(row)
    return rows
