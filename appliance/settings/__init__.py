"""Settings: one TOML file and the environment, read once, frozen.

A key is `[section] name` in `appliance.toml` and `APPLIANCE_SECTION_NAME` in the
environment; the environment wins. An unknown key is refused with the nearest known
name, because a misspelt setting that is ignored is found out in front of a customer.
"""

from appliance.settings.reading import (
    FILE_VARIABLE,
    TOKEN_VARIABLE,
    Setting,
    every_setting,
    read_settings,
)
from appliance.settings.recording import Policy, RecordingSettings
from appliance.settings.sections import (
    AccessSettings,
    BackupSettings,
    CallSettings,
    LimitSettings,
    ListeningSettings,
    LogFormat,
    LogSettings,
    ModelsSettings,
    PrivacySettings,
    ReportingSettings,
    RetentionSettings,
    ServerSettings,
    Settings,
    TlsSettings,
)
from appliance.settings.words import (
    AdviceSettings,
    KnowledgeSettings,
    RuleSettings,
    SpeechSettings,
    VadSettings,
    WrapUpSettings,
)

__all__ = [
    "FILE_VARIABLE",
    "TOKEN_VARIABLE",
    "AccessSettings",
    "AdviceSettings",
    "BackupSettings",
    "CallSettings",
    "KnowledgeSettings",
    "LimitSettings",
    "ListeningSettings",
    "LogFormat",
    "LogSettings",
    "ModelsSettings",
    "Policy",
    "PrivacySettings",
    "RecordingSettings",
    "ReportingSettings",
    "RetentionSettings",
    "RuleSettings",
    "ServerSettings",
    "Setting",
    "Settings",
    "SpeechSettings",
    "TlsSettings",
    "VadSettings",
    "WrapUpSettings",
    "every_setting",
    "read_settings",
]
