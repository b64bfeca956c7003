"""Trust for a Chromium under Linux, as the page /trust has people give it, but without the
program certutil: `python -m tests.browser.nss HOME CA`.

A process of its own, because the library has one database for each process.
"""

import ctypes
import sys
from pathlib import Path


class Trust(ctypes.Structure):
    """CERTCertTrust of NSS's certt.h."""

    _fields_ = (
        ("for_servers", ctypes.c_uint),
        ("for_mail", ctypes.c_uint),
        ("for_programs", ctypes.c_uint),
    )


def give(home: Path, certificate: bytes) -> None:
    """`certificate` is PEM."""
    nss, mail = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    for function in (
        nss.PK11_GetInternalKeySlot,
        nss.CERT_GetDefaultCertDB,
        mail.CERT_DecodeCertFromPackage,
    ):
        function.restype = ctypes.c_void_p
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    trust = Trust()
    assert nss.NSS_InitReadWrite(f"sql:{database}".encode()) == 0
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    assert nss.PK11_InitPin(slot, None, b"") == 0
    read = mail.CERT_DecodeCertFromPackage(certificate, len(certificate))
    assert read
    one = ctypes.c_void_p(read)
    assert nss.PK11_ImportCert(slot, one, ctypes.c_ulong(0), b"appliance", 0) == 0
    assert nss.CERT_DecodeTrustString(ctypes.byref(trust), b"C,,") == 0
    all_of_them = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    assert nss.CERT_ChangeCertTrust(all_of_them, one, ctypes.byref(trust)) == 0
    nss.CERT_DestroyCertificate(one)
    nss.PK11_FreeSlot(slot)
    assert nss.NSS_Shutdown() == 0


if __name__ == "__main__":
    give(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())
