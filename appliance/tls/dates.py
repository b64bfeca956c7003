"""When a certificate begins and ends, and when it is time for the next. No clock.

A box without a battery starts in 1970, and one whose clock was set wrongly has signed for
the wrong years. So that neither keeps people out, dates are looked at again every hour and
put right once the clock is: only what is certainly wrong is not believed.
"""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from appliance.errors import TlsError

# Before this was written. A clock that shows less is wrong.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)

AUTHORITY_LIFE = timedelta(days=3652)
# Browsers refuse a certificate of more than 398 days.
LEAF_LIFE = timedelta(days=397)
# Clocks of desktops lag behind.
BACKDATED = timedelta(days=1)
# Time for somebody to see that renewing fails.
RENEWED_BEFORE = timedelta(days=30)
# A new authority has to be carried to every desktop.
AUTHORITY_WARNED_BEFORE = timedelta(days=365)


class Dates(Struct, frozen=True):
    """Both ends are within."""

    begin: datetime
    end: datetime

    def has(self, now: datetime) -> bool:
        return self.begin <= now <= self.end


def of_authority(now: datetime) -> Dates:
    begin = max(now, EARLIEST) - BACKDATED
    return Dates(begin, begin + AUTHORITY_LIFE)


def of_leaf(now: datetime, authority: Dates) -> Dates:
    """Within the authority's dates. Raises TlsError if those are over."""
    if now > authority.end:
        raise TlsError(
            f"By this machine's clock ({now:%Y-%m-%d}) the box's own certificate authority "
            f"has ended ({authority.end:%Y-%m-%d}).",
            fix="If the clock is wrong, set it. If it is right, run `appliance tls init "
            "--new-ca` and have the browsers trust the new one.",
        )
    begin = max(now - BACKDATED, EARLIEST - BACKDATED, authority.begin)
    # Both ends count, so that a second less is the whole life.
    return Dates(begin, min(begin + LEAF_LIFE - timedelta(seconds=1), authority.end))


def due(leaf: Dates, authority: Dates, now: datetime) -> bool:
    """True if a new leaf would be valid now, or for longer, where this one is not."""
    if now < EARLIEST or now > authority.end:
        return False
    new = of_leaf(now, authority)
    if now < leaf.begin:
        # Signed when the clock was ahead; or the clock is behind now, and once it is put
        # right, this is looked at again.
        return new.begin < leaf.begin
    return now > leaf.end - RENEWED_BEFORE and new.end > leaf.end


def worth_saying(dates: Dates, now: datetime, before: timedelta) -> str | None:
    """What is wrong with these dates, or soon will be; None if nothing is."""
    if now < dates.begin:
        return f"is valid only from {dates.begin:%Y-%m-%d}"
    if now > dates.end:
        return f"ended on {dates.end:%Y-%m-%d}"
    if now > dates.end - before:
        return f"ends on {dates.end:%Y-%m-%d}"
    return None
