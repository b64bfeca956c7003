"""The server's address, as its own machine reaches it."""

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised here, not listened on


def local_host(host: str) -> str:
    """`host` is what the server listens on."""
    return "127.0.0.1" if host in ANYWHERE else host


def local_url(host: str, port: int, *, secure: bool) -> str:
    """`host` is what the server listens on."""
    name = local_host(host)
    return (
        f"{'https' if secure else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"
    )
