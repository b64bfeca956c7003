"""Settings of what the box makes of what is said: recognition, advice, rules, drafts."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class VadSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    threshold: Annotated[
        float, Meta(description="Speech probability that opens an utterance.", gt=0, lt=1)
    ] = 0.5
    release: Annotated[
        float,
        Meta(description="Speech probability below which a window is silence.", gt=0, lt=1),
    ] = 0.35
    start_ms: Annotated[
        int, Meta(description="Speech this long opens an utterance, in ms.", ge=32, le=1000)
    ] = 96
    hangover_ms: Annotated[
        int,
        Meta(description="Silence that closes an utterance, in ms.", ge=160, le=3000),
    ] = 480
    finished_ms: Annotated[
        int,
        Meta(description="The same after a finished sentence, in ms.", ge=160, le=3000),
    ] = 384
    speculate_ms: Annotated[
        int,
        Meta(description="Silence after which the final is decoded ahead, in ms.", ge=64),
    ] = 160
    pre_roll_ms: Annotated[
        int, Meta(description="Audio kept before the first voiced window, in ms.", ge=0)
    ] = 400
    max_utterance_ms: Annotated[
        int,
        Meta(description="Longest utterance before a cut, in ms.", ge=3000, le=25_000),
    ] = 15_000


class SpeechSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[bool, Meta(description="Transcribe calls.")] = True
    model: Annotated[
        str,
        Meta(description="Name in models/manifest.toml, or path of a CTranslate2 folder."),
    ] = "whisper-base"
    language: Annotated[
        str, Meta(description="Language code, or `auto` to detect it for each leg.")
    ] = "auto"
    languages: Annotated[
        str, Meta(description="What `auto` may find, with commas; empty: all it knows.")
    ] = ""
    queue_languages: Annotated[
        str, Meta(description="Language of queues, such as `sales=de, help=auto`.")
    ] = ""
    fallback_language: Annotated[
        str, Meta(description="Language taken where `auto` cannot tell.")
    ] = "en"
    vocabulary: Annotated[
        str, Meta(description="File of names to expect, one a line; empty: none.")
    ] = ""
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Meta(description="`cpu`, `cuda`, or `auto`: a GPU if one can be used."),
    ] = "auto"
    compute_type: Annotated[
        Literal["auto", "int8", "int8_float32", "int8_float16", "float16", "float32"],
        Meta(description="Number format; `auto` is int8 on the CPU, float16 on a GPU."),
    ] = "auto"
    processes: Annotated[
        int, Meta(description="Speech processes; 0 means one for each core, or GPU.", ge=0)
    ] = 0
    threads: Annotated[
        int, Meta(description="Threads of each of them; 0 means every core.", ge=0)
    ] = 1
    max_calls: Annotated[
        int,
        Meta(
            description="Calls transcribed at once; 0 means as many as prove possible.",
            ge=0,
        ),
    ] = 0
    partial_ms: Annotated[
        int, Meta(description="New speech between two partials at no load, in ms.", ge=100)
    ] = 300
    max_batch: Annotated[
        int, Meta(description="Most utterances decoded in one pass.", ge=1, le=64)
    ] = 4
    gpu_batch: Annotated[int, Meta(description="The same on a GPU.", ge=1, le=128)] = 16
    stall_s: Annotated[
        float, Meta(description="A pass longer than this is a hang, in s.", gt=1)
    ] = 30.0


class AdviceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[bool, Meta(description="Suggest what the agent could say.")] = True
    mood: Annotated[
        bool, Meta(description="Read the customer's mood from their words, for the agent.")
    ] = True
    actions: Annotated[
        str,
        Meta(description="What an agent can do next: names, with commas between."),
    ] = (
        "ask_question, look_up, offer_solution, offer_refund, apologise, escalate, close, "
        "none"
    )
    model: Annotated[
        str, Meta(description="Name in models/manifest.toml, or path of a GGUF file.")
    ] = "qwen2.5-0.5b"
    threads: Annotated[
        int, Meta(description="Threads of the language engine; 0 means every core.", ge=0)
    ] = 0
    gpu_layers: Annotated[
        int, Meta(description="Layers on a GPU; -1: all, if llama.cpp can.", ge=-1)
    ] = -1
    max_calls: Annotated[
        int, Meta(description="Calls whose transcript is kept warm in the engine.", ge=1)
    ] = 16
    context_tokens: Annotated[
        int, Meta(description="Transcript kept for each call, in tokens.", ge=256)
    ] = 1024
    stall_s: Annotated[
        float, Meta(description="A step longer than this is a hang, in s.", gt=1)
    ] = 30.0


class WrapUpSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    draft: Annotated[
        bool, Meta(description="Let the language model draft what is written after a call.")
    ] = True
    dispositions: Annotated[
        str,
        Meta(description="How a call can come out, for agents to choose; with commas."),
    ] = "resolved, follow_up, handed_over, no_contact"

    @property
    def choices(self) -> tuple[str, ...]:
        """The dispositions, each once."""
        names = (" ".join(name.split()) for name in self.dispositions.split(","))
        return tuple(dict.fromkeys(name for name in names if name))


class RuleSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    file: Annotated[
        str, Meta(description="Rules and checklist of the site, TOML; none without one.")
    ] = ""


class KnowledgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[
        bool, Meta(description="Look for articles that advice can rest on.")
    ] = True
    folder: Annotated[
        str, Meta(description="Folder of articles that `appliance kb add` reads.")
    ] = ""
    model: Annotated[
        str,
        Meta(description="Sentence model; without one the words alone are compared."),
    ] = "minilm-l6"
    threads: Annotated[int, Meta(description="Threads of the sentence model.", ge=1)] = 1
    threshold: Annotated[
        float,
        Meta(description="Probability below which an article is not cited.", ge=0, le=1),
    ] = 0.5
    ungrounded: Annotated[
        Literal["auto", "always", "never"],
        Meta(
            description="Show advice that no article backs; `auto`: while there are none."
        ),
    ] = "auto"
