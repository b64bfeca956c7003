"""Every setting with its type, its default and what it does: a struct for each section.

Those of what the box makes of what is said are in `appliance.settings.words`.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from appliance.settings.recording import RecordingSettings
from appliance.settings.words import (
    AdviceSettings,
    KnowledgeSettings,
    RuleSettings,
    SpeechSettings,
    VadSettings,
    WrapUpSettings,
)


def _home(variable: str, fallback: str) -> str:
    return os.environ.get(variable) or str(Path.home() / fallback)


def _models_dir() -> str:
    return str(Path(_home("XDG_CACHE_HOME", ".cache")) / "appliance" / "models")


def _data_dir() -> str:
    return str(Path(_home("XDG_DATA_HOME", ".local/share")) / "appliance")


class ServerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Meta(description="Port to listen on; 0 takes a free one.", ge=0, le=65535)
    ] = 8080
    data_dir: Annotated[str, Meta(description="Folder of the session log.")] = field(
        default_factory=_data_dir
    )


class TlsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[
        bool, Meta(description="Serve https; plain http only leads there.")
    ] = True
    names: Annotated[
        str,
        Meta(
            description="Names and addresses people type, beside those found; with commas."
        ),
    ] = ""
    folder: Annotated[
        str, Meta(description="Folder of keys and certificates, within the data folder.")
    ] = "tls"
    http_port: Annotated[
        int,
        Meta(description="Second port that leads to the first; 0 is none.", ge=0, le=65535),
    ] = 0


LogFormat: TypeAlias = Literal["text", "json"]


class LogSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Annotated[
        LogFormat, Meta(description="Lines of the log: `text`, or `json` for a collector.")
    ] = "text"


class ModelsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    dir: Annotated[
        str, Meta(description="Folder of the model files, shared by every checkout.")
    ] = field(default_factory=_models_dir)


class CallSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rejoin_s: Annotated[
        float,
        Meta(description="A dropped person may come back for this long, in s.", gt=0),
    ] = 60.0
    wait_s: Annotated[
        float, Meta(description="A person waits this long for a partner, in s.", gt=0)
    ] = 1800.0
    uninvited: Annotated[
        bool,
        Meta(description="Whoever opens /customer may call; else only by an agent's code."),
    ] = True


class ListeningSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[
        bool, Meta(description="Supervisors may follow and hear calls that go on.")
    ] = True
    announce: Annotated[
        Literal["both", "agent", "nobody"],
        Meta(description="Who sees that a supervisor does: `both`, `agent` or `nobody`."),
    ] = "both"


class AccessSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    password_length: Annotated[
        int, Meta(description="Characters of a new password, at least.", ge=8, le=64)
    ] = 12
    idle_s: Annotated[
        float, Meta(description="A sign-in ends after this long without use, in s.", gt=0)
    ] = 3600.0
    session_s: Annotated[
        float, Meta(description="Every sign-in ends after this long, in s.", gt=0)
    ] = 43_200.0
    hash_kib: Annotated[
        int, Meta(description="Memory that one hash of a password takes, in KiB.", ge=8)
    ] = 32_768
    hash_passes: Annotated[int, Meta(description="Passes over that memory.", ge=1)] = 3


class LimitSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    gateways: Annotated[
        str,
        Meta(
            description="Addresses or networks, with commas between, that no limit per "
            "address holds for: telephone gateways, a reverse proxy."
        ),
    ] = ""
    sockets: Annotated[
        int, Meta(description="Sockets that one address may have open.", ge=2)
    ] = 600
    waiting: Annotated[
        int, Meta(description="Calls of one address that may wait at once.", ge=1)
    ] = 100


class BackupSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    folder: Annotated[
        str, Meta(description="Folder of backups; an absolute path may be another disk.")
    ] = "backups"
    keep: Annotated[int, Meta(description="So many backups are kept.", ge=1)] = 7

    def folder_in(self, data_dir: Path) -> Path:
        return data_dir / Path(self.folder).expanduser()


class RetentionSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    recording_days: Annotated[
        int, Meta(description="Recordings are kept so many days; 0 is for ever.", ge=0)
    ] = 90
    transcript_days: Annotated[
        int, Meta(description="The same of all that was said, and made of it.", ge=0)
    ] = 365
    call_days: Annotated[
        int, Meta(description="The same of a call: who, when, how long.", ge=0)
    ] = 1095
    staff_days: Annotated[
        int, Meta(description="The same of what agents were doing, and when.", ge=0)
    ] = 400
    audit_days: Annotated[
        int, Meta(description="The same of the audit log: who did what.", ge=0)
    ] = 730
    queues: Annotated[
        str,
        Meta(
            description="Other days for queues, such as `sales.recording=30, sales.call=0`."
        ),
    ] = ""


class PrivacySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    redact: Annotated[
        tuple[
            Literal[
                "account",
                "ssn",
                "birth_date",
                "postcode",
                "email",
                "phone",
                "name",
                "unnamed",
            ],
            ...,
        ],
        Meta(
            description="What is taken out of the record, beside cards and security codes."
        ),
    ] = ("account", "ssn", "birth_date", "postcode", "email", "phone")
    payment_phrases: Annotated[
        tuple[str, ...],
        Meta(description="What an agent says before a payment; it turns payment mode on."),
    ] = (
        "take your card details",
        "read me your card number",
        "your card number please",
        "long number on the front",
        "ihre kartendaten aufnehmen",
        "ihre kartennummer bitte",
    )
    payment_minutes: Annotated[
        float,
        Meta(description="Payment mode ends by itself after so many minutes.", gt=0, le=60),
    ] = 5.0


class ReportingSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    time_zone: Annotated[
        str,
        Meta(description="Of the site's days, as Europe/Berlin; empty: the machine's."),
    ] = ""
    answer_within_s: Annotated[
        float,
        Meta(description="A call answered by then counts for the service level.", gt=0),
    ] = 20.0
    short_abandon_s: Annotated[
        float,
        Meta(description="Whoever is gone before that does not count as offered.", ge=0),
    ] = 5.0
    resolved: Annotated[
        tuple[str, ...],
        Meta(description="Dispositions after which a call counts as resolved."),
    ] = ("resolved",)
    watched: Annotated[
        tuple[str, ...],
        Meta(description="Measures whose last hour is compared with past weeks."),
    ] = ("calls", "asa", "service_level", "abandonment", "aht", "mood", "lag_p95")
    unusual_z: Annotated[
        float,
        Meta(description="Robust z-score from which an hour is unusual; 0: never.", ge=0),
    ] = 3.5
    limits: Annotated[
        tuple[str, ...],
        Meta(description="And limits, as `service_level < 70`, for the last hour."),
    ] = ()


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server: ServerSettings = field(default_factory=ServerSettings)
    tls: TlsSettings = field(default_factory=TlsSettings)
    log: LogSettings = field(default_factory=LogSettings)
    models: ModelsSettings = field(default_factory=ModelsSettings)
    vad: VadSettings = field(default_factory=VadSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    advice: AdviceSettings = field(default_factory=AdviceSettings)
    wrap_up: WrapUpSettings = field(default_factory=WrapUpSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    knowledge: KnowledgeSettings = field(default_factory=KnowledgeSettings)
    calls: CallSettings = field(default_factory=CallSettings)
    listening: ListeningSettings = field(default_factory=ListeningSettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    reporting: ReportingSettings = field(default_factory=ReportingSettings)
