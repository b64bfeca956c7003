"""The model processes, built from the settings."""

import logging
from pathlib import Path

import msgspec

from appliance.assistant.actions.labels import action_labels
from appliance.assistant.actions.own import Own
from appliance.assistant.actions.shelf import FOLDER
from appliance.assistant.port import EngineConfig as LanguageConfig
from appliance.errors import ModelError
from appliance.knowledge.port import EngineConfig as KnowledgeConfig
from appliance.models.resolve import Model, resolve
from appliance.pipeline.parts import Models
from appliance.settings import Settings
from appliance.transcriber import cuda
from appliance.transcriber.language import Languages, unknown
from appliance.transcriber.names import read_names
from appliance.transcriber.placement import Placement, place
from appliance.transcriber.port import EngineConfig as SpeechConfig
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker

log = logging.getLogger(__name__)

# The language model yields to speech: waiting threads sleep instead of spinning, and the
# process is the nicest of all. Without both, each engine halves the other. At 19, with four
# calls, the first word of advice came after 3.2 s at p95; now it comes after 2.4.
PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE"}
NICEST = 14
# Speech in turn yields to the server and to voice activity, which need little and need it
# at once: 200 people's sound waits for them 50 times a second.
NICER = 10

# Each pass needs the same few large blocks. Given back to the system after each, as glibc
# does by default, they are mapped and cleared again: a tenth of the time of a pass. One
# arena, and only what is freed after loading given back, keep a process at 340 MB; with
# nothing ever given back it was 560.
KEEP_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_TOP_PAD_": str(64 << 20),
}


def build_models(settings: Settings) -> Models:
    """The processes that are switched on, not yet started.

    Raises ModelError naming the file that is missing or damaged, SettingsError where a
    device is demanded that is not there, or a language that the speech model does not
    know: before anything starts.
    """
    folder = Path(settings.models.dir).expanduser()
    speech, advice = settings.speech, settings.advice
    vad = words = language = None
    floor_frames, batch = 0, speech.max_batch
    if speech.enabled:
        whisper = resolve(folder, speech.model, "speech")
        floor_frames = whisper.context_floor_frames
        vad = Worker(
            Spec(name="vad", target="appliance.vad.silero:build", config=b"", stall_s=30)
        )
        placement = place(speech, cuda.machine())
        log.info("%s", placement)
        batch = placement.batch
        words = _speech_workers(settings, whisper, placement)
    if advice.enabled:
        language = _language_worker(settings, resolve(folder, advice.model, "language"))
    sentences = sentence_model(settings) if settings.knowledge.enabled else None
    return Models(
        vad=vad,
        speech=words,
        language=language,
        knowledge=knowledge_worker(settings, sentences)
        if settings.knowledge.enabled
        else None,
        actions=_own_actions(settings) if language else None,
        sentence_model=sentences.name if sentences else "",
        floor_frames=floor_frames,
        batch=batch,
    )


def sentence_model(settings: Settings) -> Model | None:
    """The model of sentences that articles are found by; None where none is set, or it is
    not there: the words alone find most of it."""
    if not settings.knowledge.model:
        return None
    folder = Path(settings.models.dir).expanduser()
    try:
        return resolve(folder, settings.knowledge.model, "embedding")
    except ModelError as error:
        log.warning("Articles are found by their words alone: %s", error)
        return None


def knowledge_worker(settings: Settings, model: Model | None) -> Worker:
    """The process that finds articles, not yet started."""
    config = KnowledgeConfig(
        folder=str(Path(settings.server.data_dir).expanduser()),
        model=model.name if model else "",
        path=str(model.path) if model else "",
        threads=settings.knowledge.threads,
    )
    return Worker(
        Spec(
            name="knowledge",
            target="appliance.knowledge.engine:build",
            config=msgspec.msgpack.encode(config),
            stall_s=30,
            niceness=NICER,
            environment=PASSIVE,
        )
    )


def _own_actions(settings: Settings) -> Own:
    folder = Path(settings.server.data_dir).expanduser() / FOLDER
    return Own(folder, action_labels(settings.advice.actions))


def _speech_workers(settings: Settings, model: Model, placement: Placement) -> Pool:
    names = read_names(settings.speech.vocabulary)

    def config(number: int) -> SpeechConfig:
        return SpeechConfig(
            model=str(model.path),
            threads=placement.threads,
            device=placement.device,
            compute_type=placement.compute_type,
            gpu=(number - 1) % max(1, placement.gpus),
            languages=languages,
            vocabulary=names,
        )

    languages = languages_for(settings, model)
    count = placement.processes
    return Pool(
        [
            Worker(
                Spec(
                    name=f"speech-{number}" if count > 1 else "speech",
                    target="appliance.transcriber.whisper:build",
                    config=msgspec.msgpack.encode(config(number)),
                    stall_s=settings.speech.stall_s,
                    niceness=NICER,
                    environment=KEEP_MEMORY,
                )
            )
            for number in range(1, count + 1)
        ]
    )


def languages_for(settings: Settings, model: Model) -> tuple[str, ...]:
    """Codes that the speech model has to know. Raises SettingsError if it is known that it
    does not; of a model that the manifest has nothing on, its process finds out."""
    named = Languages(settings.speech).named
    others = [code for code in named if code != "en"]
    if others and model.entry is not None and model.entry.languages == "en":
        raise unknown(others[0], ["en"])
    return named


def _language_worker(settings: Settings, model: Model) -> Worker:
    advice = settings.advice
    config = LanguageConfig(
        model=str(model.path),
        threads=advice.threads,
        gpu_layers=advice.gpu_layers,
        max_calls=advice.max_calls,
        context_tokens=advice.context_tokens,
        mood=advice.mood,
        dispositions=settings.wrap_up.choices if settings.wrap_up.draft else (),
        actions=action_labels(advice.actions),
    )
    return Worker(
        Spec(
            name="language",
            target="appliance.assistant.engine:build",
            config=msgspec.msgpack.encode(config),
            stall_s=advice.stall_s,
            niceness=NICEST,
            environment=PASSIVE,
        )
    )
