import pytest

from appliance.errors import KnowledgeError
from appliance.knowledge.articles import PASSAGE_WORDS, Block, split
from appliance.knowledge.reading import read

PAGE = b"""---
id: chequebook
about: Granite Acorn Bank; Acorn
---
# Ordering a chequebook

Takes *ten* days.

## Steps

1. Ask for the name.
2. Ask for the **address**.

## Stopping one

| before | after |
|---|---|
| free | 5 pounds |
"""


def test_markdown_becomes_passages_by_heading_with_its_steps() -> None:
    (article,) = read("cheque.md", PAGE)
    assert (article.id, article.title) == ("chequebook", "Ordering a chequebook")
    assert article.about == ("Granite Acorn Bank", "Acorn")
    assert [p.section for p in article.passages] == ["", "Steps", "Stopping one"]
    assert article.passages[0].text == "Takes ten days."
    assert article.passages[1].steps == ("Ask for the name.", "Ask for the address.")
    assert article.passages[1].text == "1. Ask for the name. 2. Ask for the address."
    assert "5 pounds" in article.passages[2].text


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Title</h1><p>Text<script>alert(1)</script></p>",
        "<title>Title</title><style>p {}</style><p onclick='alert(1)'>Text</p>",
        "<h1>Title</h1><p>Text<iframe src='//x'>a</iframe><svg><script>alert(1)</script>",
    ],
)
def test_of_html_only_the_text_is_kept(page: str) -> None:
    (article,) = read("page.html", page.encode())
    assert article.title == "Title"
    assert [p.text for p in article.passages] == ["Text"]


def test_html_inside_markdown_stays_text() -> None:
    (article,) = read("a.md", b"# Title\n\nA <script>alert(1)</script> B\n")
    assert article.passages[0].text == "A <script>alert(1)</script> B"


def test_rows_of_a_csv_file_are_articles_and_those_of_one_id_its_sections() -> None:
    data = (
        "id,question,answer,section\nx,Pets?,None.,Dogs\nx,Pets?,Two.,Cats\n,Wifi?,Yes.,\n"
    )
    pets, wifi = read("faq.csv", data.encode())
    assert (pets.id, pets.title) == ("x", "Pets?")
    assert [(p.section, p.text) for p in pets.passages] == [
        ("Dogs", "None."),
        ("Cats", "Two."),
    ]
    assert (wifi.id, wifi.passages[0].text) == ("wifi", "Yes.")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b""),
        ("a.md", b"# Only a title"),
        ("a.pdf", b"%PDF"),
        ("a.md", b"\xff\xfe"),
        ("a.csv", b"colour\nred\n"),
    ],
)
def test_what_is_no_article_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    with pytest.raises(KnowledgeError) as refused:
        read(name, data)
    assert refused.value.fix


def test_long_text_is_cut_between_sentences_and_long_procedures_between_steps() -> None:
    sentence = "word " * 29 + "end."
    parts = split([Block("text", f"{sentence} {sentence} {sentence}")])
    assert [len(p.text.split()) for p in parts] == [60, 30]
    steps = split([Block("step", "do " * 30) for _ in range(5)])
    assert all(len(p.text.split()) <= PASSAGE_WORDS + 5 for p in steps)
    assert [p.first_step for p in steps] == [1, 3, 5]
