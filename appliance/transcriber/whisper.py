"""Whisper in its process: batches of short contexts. The only door to faster-whisper."""

import os
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import msgspec
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from appliance.errors import ModelError
from appliance.messages import Word
from appliance.transcriber.detected import Heard, heard_in
from appliance.transcriber.engine import engine
from appliance.transcriber.language import unknown
from appliance.transcriber.mel import SAMPLES_PER_FRAME, Spectrogram, floats
from appliance.transcriber.port import (
    Decoded,
    DecodeItem,
    DecodeJob,
    EngineConfig,
)
from appliance.transcriber.vocabulary import Vocabulary
from appliance.transcriber.words import merge
from appliance.workers.one_by_one import OneByOne

# Tokens a fast talker can need: 8 a second and some for a short answer. A runaway, which
# would decode 224, is stopped here (SPEECH.md 4.1 measured up to 8 times a normal pass).
TOKENS_PER_S = 8
TOKENS_FREE = 14

# What the person said before, for Whisper to go on from: digits dictated in pieces and
# names are heard better. Five calls at three offsets: 11.4 % WER in place of 14.2 (offline
# 11.1), and 29 second looks in place of 49. With 32 tokens 12.7, or those of both people.
BEFORE_TOKENS = 64
BEFORE_LEAST = 8  # less says too little, and would shorten everybody's in the batch

# The site's names go before that. With 13 of them, 89 clips: all 22 names that were said
# are written right in place of 16, none that was not said, 13.3 % WER in place of 15.4,
# and 17 % more time for a final.
VOCABULARY_TOKENS = 64
NAMES_IN = "en"  # the language in which it is known how words sound
LONGEST = 448  # positions of Whisper's decoder

BEAM = 5  # Whisper's own; on short telephone utterances greedy costs 1-3 points of WER


class Whisper:
    def __init__(self, config: EngineConfig) -> None:
        path = Path(config.model)
        if not (path / "model.bin").is_file():
            raise ModelError(
                f"No Whisper model at {path}.",
                fix="Run `appliance models fetch`, or correct [speech] model.",
            )
        # A path, not a name: given a name the library would try to download it, which on
        # a site with no internet is a hang and not an error.
        try:
            self._whisper = WhisperModel(
                str(path),
                device=config.device,
                device_index=config.gpu,
                compute_type=config.compute_type,
                cpu_threads=config.threads or os.cpu_count() or 1,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"The Whisper model at {path} cannot be loaded: {error}.",
                fix="Take a smaller model, or set [speech] device = 'cpu'."
                if config.device == "cuda"
                else "Run `appliance models verify`, then `appliance models fetch`.",
            ) from error
        known = self._whisper.supported_languages
        for code in config.languages:
            if code not in known:
                raise unknown(code, known)
        self._model = self._whisper.model
        self._mel = Spectrogram(self._whisper.feature_extractor)
        self._tokenizers: dict[str, Tokenizer] = {}
        self._vocabulary = ", ".join(config.vocabulary)
        self._names = Vocabulary(config.vocabulary, self.common_words())

    @property
    def multilingual(self) -> bool:
        return bool(self._model.is_multilingual)

    def __call__(self, job: DecodeJob) -> list[Decoded]:
        """Decode one batch; as many results as items, in order."""
        audio = [floats(item.pcm) for item in job.items]
        mel = np.stack([self._mel.of(samples, job.context_frames) for samples in audio])
        encoded = self._model.encode(ctranslate2.StorageView.from_array(mel), to_cpu=True)
        languages = self._languages(job.items, encoded)
        tokenizers = [self._tokenizer(one.language) for one in languages]
        seconds = max(len(samples) for samples in audio) / 16_000
        limit = int(seconds * TOKENS_PER_S + TOKENS_FREE)
        results = self._generate(job, encoded, tokenizers, limit)
        tokens = [
            [token for token in result.sequences_ids[0] if token < t.eot]
            for result, t in zip(results, tokenizers, strict=True)
        ]
        words: list[tuple[Word, ...]] = [()] * len(tokens)
        if job.careful:
            # Audio longer than the context, beside shorter audio, makes the library's
            # alignment read past its buffer: a segmentation fault, not an error.
            frames = [
                min(len(samples) // SAMPLES_PER_FRAME, job.context_frames)
                for samples in audio
            ]
            words = self._words(encoded, tokens, tokenizers, frames)
        return [
            Decoded(
                text=self._named(t.decode(ids).strip(), heard.language),
                words=self._names.corrected_words(spoken)
                if heard.language == NAMES_IN
                else spoken,
                language=heard.language,
                language_probability=heard.probability,
                avg_logprob=result.scores[0],
                no_speech=result.no_speech_prob,
                capped=len(ids) >= limit - 1,
                guess=heard.guess,
                guess_probability=heard.guess_probability,
            )
            for t, ids, spoken, heard, result in zip(
                tokenizers, tokens, words, languages, results, strict=True
            )
        ]

    def common_words(self) -> set[str]:
        """What Whisper writes in one piece, it has seen often."""
        begun = "\u0120"  # how its vocabulary writes the space before a word
        return {
            token.removeprefix(begun).lower()
            for token in self._whisper.hf_tokenizer.get_vocab()
            if token.startswith(begun)
        }

    def _named(self, text: str, language: str) -> str:
        """With the site's names put right."""
        return self._names.corrected(text) if language == NAMES_IN else text

    def _generate(
        self,
        job: DecodeJob,
        encoded: ctranslate2.StorageView,
        tokenizers: list[Tokenizer],
        limit: int,
    ) -> list[ctranslate2.models.WhisperGenerationResult]:
        """At most `limit` tokens of text for each item.

        The library wants prompts of one length, so those who have said something are
        decoded together, and those who have not.
        """
        before = [
            self._before(item, t) for item, t in zip(job.items, tokenizers, strict=True)
        ]
        found: dict[int, ctranslate2.models.WhisperGenerationResult] = {}
        for rows in _alike(before):
            length = min(len(before[row]) for row in rows)
            prompts = [
                _prompt(
                    tokenizers[row],
                    self._expected(tokenizers[row])
                    + before[row][len(before[row]) - length :],
                )
                for row in rows
            ]
            results = self._model.generate(
                _rows(encoded, rows),
                prompts,
                beam_size=BEAM if job.careful else 1,
                # The library halves what it is given, prompt included (SPEECH.md 4.2).
                max_length=min(2 * (limit + len(prompts[0])), LONGEST),
                return_scores=True,
                return_no_speech_prob=True,
            )
            found |= dict(zip(rows, results, strict=True))
        return [found[row] for row in range(len(before))]

    def _expected(self, tokenizer: Tokenizer) -> list[int]:
        """The site's names, as if they had been said; the same for all in a batch."""
        if not self._vocabulary:
            return []
        tokens: list[int] = tokenizer.encode(f" {self._vocabulary}.")
        return tokens[:VOCABULARY_TOKENS]

    def _before(self, item: DecodeItem, tokenizer: Tokenizer) -> list[int]:
        tokens: list[int] = tokenizer.encode(f" {item.before}")[-BEFORE_TOKENS:]
        return tokens if len(tokens) >= BEFORE_LEAST else []

    def _languages(
        self, items: Sequence[DecodeItem], encoded: ctranslate2.StorageView
    ) -> list[Heard]:
        if not self.multilingual:
            return [Heard("en")] * len(items)
        if all(item.language and not item.guess for item in items):
            return [Heard(item.language) for item in items]
        guesses = self._model.detect_language(encoded)
        return [heard_in(item, guess) for item, guess in zip(items, guesses, strict=True)]

    def _tokenizer(self, language: str) -> Tokenizer:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self.multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    def _words(
        self,
        encoded: ctranslate2.StorageView,
        tokens: list[list[int]],
        tokenizers: list[Tokenizer],
        frames: list[int],
    ) -> list[tuple[Word, ...]]:
        """Word times by alignment, one call for each language of the batch.

        The number of frames is that of the audio, not of the context: attention to the
        padding must not stretch the last word.
        """
        found: list[tuple[Word, ...]] = [()] * len(tokens)
        for tokenizer in {id(t): t for t in tokenizers}.values():
            rows = [
                n
                for n, t in enumerate(tokenizers)
                if t is tokenizer and tokens[n] and frames[n]
            ]
            if not rows:
                continue
            aligned = self._whisper.find_alignment(
                tokenizer,
                [tokens[n] for n in rows],
                _rows(encoded, rows),
                [frames[n] for n in rows],
            )
            for row, words in zip(rows, aligned, strict=True):
                found[row] = merge(words)
        return found


def _alike(before: Sequence[Sequence[int]]) -> list[list[int]]:
    """Items to decode together: those with something before them, and the others."""
    some = [row for row, tokens in enumerate(before) if tokens]
    none = [row for row, tokens in enumerate(before) if not tokens]
    return [rows for rows in (some, none) if rows]


def _prompt(tokenizer: Tokenizer, before: Sequence[int]) -> list[int]:
    told = [tokenizer.sot_prev, *before] if before else []
    return [*told, *tokenizer.sot_sequence, tokenizer.no_timestamps]


def _rows(encoded: ctranslate2.StorageView, rows: list[int]) -> ctranslate2.StorageView:
    """Some items of a batch that was encoded together."""
    if len(rows) == encoded.shape[0]:
        return encoded
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(np.array(encoded)[rows]))


def build(config: bytes) -> OneByOne:
    """The engine, proved by a pass over a second of faint noise."""
    model = Whisper(msgspec.msgpack.decode(config, type=EngineConfig))
    noise = np.random.default_rng(1).integers(-30, 30, 16_000).astype("<i2").tobytes()
    model(DecodeJob(items=[DecodeItem(pcm=noise)], context_frames=1000, careful=True))
    return engine(model)
