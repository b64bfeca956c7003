"""What a certificate says, without the library that has read it."""

from msgspec import Struct

from appliance.tls.dates import Dates
from appliance.tls.names import Names, Reach


class Facts(Struct, frozen=True, kw_only=True):
    subject: str
    issuer: str
    serial: int
    dates: Dates
    names: Names
    is_authority: bool
    for_servers: bool  # browsers take it from a web server
    key: str  # kind and size
    public_key: str  # SHA-256 of it, in hex
    fingerprint: str  # SHA-256 of the whole, as browsers show it: AA:BB:...
    reach: Reach | None = None  # of an authority: what it may sign; None is everything

    @property
    def self_signed(self) -> bool:
        return self.subject == self.issuer
