"""The engine with the real 0.5B model."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.assistant.engine import AdviceEngine, build
from appliance.assistant.examples import ACTIONS
from appliance.assistant.grammar import Grammar, Writer
from appliance.assistant.llama import Llama, on_gpu
from appliance.assistant.mood.judge import log_shares
from appliance.assistant.mood.prompt import WORDS
from appliance.assistant.port import (
    AdviceDelta,
    Ask,
    EngineConfig,
    Extend,
    Forget,
    Line,
    ReadMood,
    pack,
    unpack_delta,
    unpack_mood,
)
from appliance.assistant.prompt import FORM
from appliance.errors import ModelError
from appliance.models.resolve import resolve
from appliance.settings import read_settings
from appliance.workers.port import Reply

pytestmark = [pytest.mark.model, pytest.mark.timeout(240)]

OPENINGS = (
    "Hi, I've lost my card. I think I left it on the train.",
    "My parcel was marked as delivered, but there is nothing here.",
    "Let me speak to your manager, please.",
)


@pytest.fixture(scope="module")
def model() -> Path:
    settings = read_settings()
    try:
        return resolve(Path(settings.models.dir), settings.advice.model, "language").path
    except ModelError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def engine(model: Path) -> Iterator[AdviceEngine]:
    # One thread: this process is not told to wait passively, as the worker is, and two
    # that spin beside other tests take ten times as long.
    config = EngineConfig(
        model=str(model), threads=1, max_calls=4, context_tokens=256, mood=True
    )
    engine = build(pack(config))
    yield engine
    assert isinstance(engine.model, Llama)
    engine.model.close()


def lines(opening: str) -> tuple[Line, ...]:
    return (Line("agent", "Good morning, how can I help?"), Line("customer", opening))


def answers(engine: AdviceEngine, calls: dict[str, tuple[Line, ...]]) -> list[AdviceDelta]:
    """Ask for all at once; the final advice of each."""
    for job_id, (call_id, said) in enumerate(calls.items()):
        engine.submit(job_id, pack(Ask(call_id=call_id, first=0, lines=said)))
    last: dict[int, AdviceDelta] = {}
    while not engine.idle():
        for reply in engine.step():
            assert isinstance(reply, Reply)
            last[reply.job_id] = unpack_delta(reply.payload)
    return [last[job_id] for job_id in range(len(calls))]


def forget(engine: AdviceEngine, *calls: str) -> None:
    for call_id in calls:
        engine.submit(99, pack(Forget(call_id=call_id)))
    engine.step()


def test_calls_are_advised_together_and_each_as_if_alone(engine: AdviceEngine) -> None:
    calls = {f"c{i}": lines(opening) for i, opening in enumerate(OPENINGS)}
    together = answers(engine, calls)
    alone = [answers(engine, {call_id: said})[0] for call_id, said in calls.items()]

    for delta in together:
        assert delta.done
        assert delta.action in ACTIONS
        assert 0 < delta.confidence <= 1
        assert delta.reasoning
    # Batches of other sizes are added up in another order: probabilities differ in the
    # second digit, and where two words are equally likely the text may.
    assert [d.action for d in together] == [d.action for d in alone]
    assert [d.confidence for d in together] == pytest.approx(
        [d.confidence for d in alone], abs=0.1
    )
    assert together[-1].action == "escalate"
    forget(engine, *calls)


def test_a_long_call_is_moved_up_and_still_gets_advice(engine: AdviceEngine) -> None:
    talk: list[Line] = []
    for number in range(10):
        talk.append(Line("agent", f"Let me note that as point {number}. And then?"))
        talk.append(Line("customer", f"Then the light on the {number} floor went out."))
        engine.submit(50, pack(Extend(call_id="long", first=0, lines=tuple(talk))))
        while not engine.idle():
            engine.step()
    seat = next(seat for seat in engine.advice.seats if seat.call_id == "long")
    assert seat.first > 0, "the call must have been too long"

    talk.append(Line("agent", "Is there anything else I can help you with?"))
    talk.append(Line("customer", "No, that's all. Thank you, goodbye."))
    (moved,) = answers(engine, {"long": tuple(talk)})
    kept = tuple(talk[seat.first :])
    (fresh,) = answers(engine, {"fresh": kept})

    assert moved.action == fresh.action
    assert moved.confidence == pytest.approx(fresh.confidence, abs=0.2)
    assert moved.action in {"close", "none"}


@pytest.mark.parametrize("seed", range(3))
def test_random_wishes_over_the_real_vocabulary_still_parse(
    engine: AdviceEngine, seed: int
) -> None:
    assert isinstance(engine.model, Llama)
    random = np.random.default_rng(seed)
    writer = Writer(Grammar(FORM, engine.model))
    writer.begin()
    while not writer.done:
        writer.take(random.normal(0, 5, engine.model.vocabulary).astype(np.float32))
    assert json.loads(writer.document) == writer.fields


def mood(engine: AdviceEngine, text: str) -> dict[str, float]:
    """Each label's probability, as the model alone has it."""
    engine.submit(100, pack(ReadMood(call_id="c", text=text)))
    for _ in range(500):
        for reply in engine.step():
            assert isinstance(reply, Reply)
            if reply.job_id == 100:
                shares = np.exp(log_shares(unpack_mood(reply.payload).logits))
                return dict(zip(WORDS, shares, strict=False))
    raise AssertionError("the mood was never read")


def test_the_mood_of_a_line_is_read_beside_a_call(engine: AdviceEngine) -> None:
    answers(engine, {"c": lines(OPENINGS[0])})
    sharp = mood(engine, "I have waited for three weeks and nobody ever calls me back!")
    kind = mood(engine, "That is wonderful, thank you so much for your help!")
    plain = mood(engine, "It is Mill Lane, number four.")
    assert sharp["negative"] > max(kind["negative"], plain["negative"])
    assert kind["positive"] > max(sharp["positive"], plain["positive"])
    assert plain["neutral"] > max(sharp["neutral"], kind["neutral"])
    forget(engine, "c")


def test_what_people_say_holds_no_control_tokens(engine: AdviceEngine) -> None:
    control = engine.model.tokens("<|im_end|>", special=True)
    assert len(control) == 1
    assert control[0] not in engine.model.tokens("so I said <|im_end|> to him")


def test_a_missing_file_and_one_that_is_no_model_are_named(tmp_path: Path) -> None:
    wrong = tmp_path / "model.gguf"
    with pytest.raises(ModelError, match="Cannot read"):
        build(pack(EngineConfig(model=str(wrong))))
    wrong.write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelError, match="not a GGUF file"):
        build(pack(EngineConfig(model=str(wrong))))


def test_layers_go_to_a_gpu_only_if_the_library_is_built_for_one() -> None:
    assert on_gpu(-1, offered=False) == on_gpu(0, offered=True) == 0
    assert on_gpu(-1, offered=True) > 100
    assert on_gpu(12, offered=True) == 12
    with pytest.raises(ModelError, match="built without a GPU"):
        on_gpu(12, offered=False)


def test_a_half_copied_model_is_refused(model: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.gguf"
    with model.open("rb") as file:
        half.write_bytes(file.read(8_000_000))
    with pytest.raises(ModelError, match=r"cannot load .*half\.gguf"):
        build(pack(EngineConfig(model=str(half))))
