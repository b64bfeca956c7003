"""The ssl module's contexts: what the box offers, and what our own clients trust."""

import ssl
from pathlib import Path

from appliance.errors import TlsError

# TLS 1.2 keeps only what 1.3 allows too: forward secrecy and authenticated encryption.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


def server_context(pair: Path) -> ssl.SSLContext:
    """For a PEM file of a key and its chain. Blocks. Raises TlsError for one of no use."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    # A client that renegotiates over and over costs the box more than itself.
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        # A password, so that OpenSSL never asks for one on the terminal.
        context.load_cert_chain(pair, password="")
    except (OSError, ValueError) as error:  # SSLError is an OSError
        raise TlsError(
            f"{pair} cannot be served: {error}.",
            fix="Import a key and a certificate again with `appliance tls import`, or "
            "remove the file to have the box make its own.",
        ) from error
    return context


def client_context(authority: bytes | None = None) -> ssl.SSLContext:
    """What a client of a box trusts: the system's authorities, or those that SSL_CERT_FILE
    names, and the one given as PEM. Blocks. Raises TlsError if it is none."""
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(cadata=authority.decode("ascii"))
        except (ValueError, ssl.SSLError) as error:
            raise TlsError(
                f"What is to be trusted is no certificate: {error}.",
                fix="Give the file that `appliance tls export-ca` writes.",
            ) from error
    return context


def pinned_context(certificate: bytes) -> ssl.SSLContext:
    """For a client on the box itself: trusts the certificate given as PEM and no other,
    by whatever name it is reached. A site's own has no name for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate.decode("ascii"))
    return context
