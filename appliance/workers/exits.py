"""Why a process ended, told to an admin."""

import signal

HINTS = {
    "SIGKILL": " (out of memory, a hang, or by hand)",
    "SIGSEGV": " (a crash in a native library)",
    "SIGILL": " (built for another processor: run scripts/setup here)",
    "SIGABRT": " (a native library gave up)",
}


def describe_exit(name: str, code: int) -> str:
    """`code` as subprocess gives it: negative is the number of a signal."""
    if code >= 0:
        return f"The {name} model process ended with status {code}."
    try:
        cause = signal.Signals(-code).name
    except ValueError:
        cause = f"signal {-code}"
    return f"The {name} model process was ended by {cause}{HINTS.get(cause, '')}."
