"""Did the agent say what was suggested: `python -m tests.load.said_it TEXT_FOLDER`.

In STAR the agent chose a suggestion and wrote it in their own way: that one was said. The
other replies of the task were not. ENOUGH in `assistant/said.py` is chosen from the table.
"""

import argparse
import random
from pathlib import Path

from appliance.assistant.said import carrying, share_said
from appliance.eval.star import Asked, read_star

SEED = 17
OTHERS = 4  # replies of the same task beside each that was said
LIMITS = (0.4, 0.5, 0.6, 0.7, 0.8)


def shares(items: list[Asked], texts: list[str]) -> tuple[list[float], list[float]]:
    """Of suggestions that were said, and of others."""
    order = random.Random(SEED)
    said, others = [], []
    for item, text in zip(items, texts, strict=True):
        heard = carrying(text)
        replies = item.task.replies
        said.append(share_said(carrying(replies[item.decision.action]), heard))
        others += [
            share_said(carrying(replies[name]), heard)
            for name in order.sample(sorted(replies), min(OTHERS, len(replies)))
            if name != item.decision.action
        ]
    return said, others


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    star = read_star(parser.parse_args().folder / "star")
    items, texts = [], []
    for item in star.learn:
        turn = star.calls[item.call].turns[len(item.decision.before)]
        if turn.speaker == "agent" and item.decision.action in item.task.replies:
            items.append(item)
            texts.append(turn.text)
    said, others = shares(items, texts)
    print(f"{len(said)} suggestions that were said, {len(others)} that were not")
    for limit in LIMITS:
        found = sum(share >= limit for share in said) / len(said)
        wrong = sum(share >= limit for share in others) / len(others)
        print(f"from {limit:.1f} on: {found:.3f} of them found, {wrong:.3f} of the others")


if __name__ == "__main__":
    main()
