"""Errors a person can act on."""


class ApplianceError(Exception):
    """Something is wrong and we know what would put it right.

    `problem` says what was found; `fix` is the next thing to do, in the imperative.
    The command line prints both, the socket sends both, the log stores both.
    """

    def __init__(self, problem: str, *, fix: str) -> None:
        super().__init__(f"{problem} {fix}")
        self.problem = problem
        self.fix = fix


class SettingsError(ApplianceError):
    """The settings cannot be used as written."""


class ModelError(ApplianceError):
    """A model file is missing, damaged, half copied or not what it claims to be."""


class ProtocolError(ApplianceError):
    """The peer sent something that breaks the wire format; the call goes on."""


class RecordingError(ApplianceError):
    """A recording cannot be played: not audio, not two channels, or of an odd rate."""


class WorkerError(ApplianceError):
    """The model process answered that it could not do this job."""


class WorkerLost(WorkerError):
    """The model process died or hung while it held this job, more often than a job may."""


class StoreError(ApplianceError):
    """The session log cannot be opened, read or written."""


class CallError(ApplianceError):
    """The call does not exist, has ended, or has no room for this person."""


class BoxFull(CallError):
    """There are as many calls as one box takes."""


class NotNow(CallError):
    """No call begins at this moment, and soon again."""


class CustomersError(ApplianceError):
    """The customers cannot be read, or a file of them cannot be imported."""


class KnowledgeError(ApplianceError):
    """An article cannot be read, or the articles cannot be searched or changed."""


class TlsError(ApplianceError):
    """A certificate or a key is missing, out of date, or cannot be used."""


class RulesError(ApplianceError):
    """The rules of the site cannot be used as they are written."""


class KitError(ApplianceError):
    """A kit is not whole or not ours, or this machine cannot take it."""


class UpgradeError(ApplianceError):
    """An upgrade cannot be begun, or was taken back."""


class RetentionError(ApplianceError):
    """What is to be erased or held is not there, or a hold keeps it."""
