"""What may be imported, and which column of a file is which field. No IO."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from appliance.errors import CustomersError

Kind: TypeAlias = Literal["customers", "orders", "tickets", "notes"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Type: TypeAlias = Literal["text", "date", "money", "email", "phone"]


class Field(Struct, frozen=True):
    name: str
    also: tuple[str, ...] = ()  # what other systems call it, squeezed as by `squeezed`
    type: Type = "text"
    required: bool = False


_CUSTOMER = ("customerid", "custid", "clientid", "contactid", "accountid", "customer",
             "customernumber", "customerno", "kundennummer", "kundennr", "kundenid",
             "accountnumber", "accountno", "account")  # fmt: skip
_STATUS = ("state", "zustand", "stage")
_OWNER = Field("customer_id", _CUSTOMER, required=True)
_CURRENCY = Field("currency", ("waehrung", "curr", "currencycode"))

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "customers": (
        Field("id", ("uid", "uuid", *_CUSTOMER), required=True),
        Field("name", ("fullname", "customername", "displayname", "contactname",
                       "companyname", "clientname", "kundenname", "nom"), required=True),
        Field("first_name", ("firstname", "givenname", "forename", "vorname", "prenom")),
        Field("last_name", ("lastname", "surname", "familyname", "nachname")),
        Field("email", ("emailaddress", "mail", "emailadresse"), "email"),
        Field("phone", ("phonenumber", "telephone", "tel", "telefon", "mobile", "msisdn",
                        "mobilephone", "cell", "cellphone", "telefonnummer", "handy"),
              "phone"),
        Field("status", ("accountstatus", "customerstatus", "kundenstatus", *_STATUS)),
        Field("lifetime_value", ("ltv", "clv", "lifetimevalue", "totalspent", "totalspend",
                                 "revenue", "umsatz"), "money"),
        _CURRENCY,
        Field("since", ("customersince", "created", "createdat", "createdon", "joined",
                        "signupdate", "kundeseit"), "date"),
    ),
    "orders": (
        Field("number", ("id", "orderid", "ordernumber", "orderno", "order",
                         "bestellnummer", "bestellnr", "reference"), required=True),
        _OWNER,
        Field("placed", ("date", "orderdate", "placedat", "created", "createdat", "datum",
                         "bestelldatum", "purchasedate"), "date"),
        Field("status", ("orderstatus", "deliverystatus", *_STATUS)),
        Field("total", ("amount", "ordertotal", "price", "value", "sum", "betrag", "summe",
                        "totalamount"), "money"),
        _CURRENCY,
        Field("item", ("items", "product", "productname", "description", "artikel",
                       "produkt")),
    ),
    "tickets": (
        Field("number", ("id", "ticketid", "ticketnumber", "ticketno", "caseid",
                         "casenumber", "ticket", "ticketnummer"), required=True),
        _OWNER,
        Field("subject", ("title", "summary", "description", "topic", "betreff")),
        Field("status", ("ticketstatus", *_STATUS)),
        Field("opened", ("openedat", "date", "created", "createdat", "datum"), "date"),
    ),
    "notes": (
        _OWNER,
        Field("text", ("note", "body", "comment", "content", "notiz"), required=True),
        Field("written", ("date", "created", "createdat", "writtenat", "datum"), "date"),
        Field("author", ("by", "agent", "user", "createdby", "autor")),
    ),
}  # fmt: skip

# In the name of a file or table, in the order in which they are looked for: a file of
# "customer_orders" has orders in it.
_NAMED: tuple[tuple[Kind, str], ...] = (
    ("orders", r"order|purchase|bestell|invoice"),
    ("tickets", r"ticket|case|incident|complaint|issue"),
    ("notes", r"note|comment|notiz"),
    ("customers", r"customer|client|contact|kunde|account|crm|people|person"),
)


def squeezed(header: str) -> str:
    """How headers are compared: "Customer-ID " is "customerid"."""
    return re.sub(r"[\W_]+", "", header.casefold())


def guess_kind(name: str, headers: Sequence[str]) -> Kind | None:
    """What a table is about, by its name, else by its columns."""
    for kind, pattern in _NAMED:
        if re.search(pattern, name.casefold()):
            return kind
    columns = {kind: guess_columns(kind, headers) for kind in KINDS}
    fits = [kind for kind in KINDS if not missing(kind, columns[kind])]
    return max(fits, key=lambda kind: len(columns[kind]), default=None)


def guess_columns(kind: Kind, headers: Sequence[str]) -> dict[str, str]:
    """Field to header, for those that can be told. Each header is used once."""
    free = {squeezed(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for exact in (True, False):  # a header's own name comes before its synonyms
        for field in FIELDS[kind]:
            names = (squeezed(field.name),) if exact else field.also
            match = next((name for name in names if name in free), None)
            if field.name not in found and match is not None:
                found[field.name] = free.pop(match)
    return found


def choose_columns(
    kind: Kind, headers: Sequence[str], wanted: Mapping[str, str]
) -> dict[str, str]:
    """The guess with what a person said on top: `wanted` is field to header, where the
    field may be written `orders.number`.

    Raises CustomersError for a column that does not exist.
    """
    said = {}
    for field, header in wanted.items():
        owner, _, name = field.rpartition(".")
        if (owner and owner != kind) or name not in field_names(kind):
            continue
        if header not in headers:
            if not owner:
                continue  # meant for another of the files
            raise CustomersError(
                f"There is no column {header!r} among the {kind}.",
                fix=_hint(header, headers),
            )
        said[name] = header
    rest = [header for header in headers if header not in said.values()]
    return {**guess_columns(kind, rest), **said}


def check_wanted(wanted: Mapping[str, str]) -> None:
    """Raises CustomersError for a field that no kind has."""
    known = {f"{kind}.{name}" for kind in KINDS for name in field_names(kind)}
    known |= {name for kind in KINDS for name in field_names(kind)}
    for field in wanted:
        if field not in known:
            raise CustomersError(
                f"There is no field {field!r} to import.", fix=_hint(field, sorted(known))
            )


def field_names(kind: Kind) -> list[str]:
    return [field.name for field in FIELDS[kind]]


def missing(kind: Kind, columns: Mapping[str, str]) -> list[str]:
    """Required fields without a column. First and last name make a name."""
    have = set(columns)
    if have & {"first_name", "last_name"}:
        have.add("name")
    return [f.name for f in FIELDS[kind] if f.required and f.name not in have]


def _hint(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Take one of: {', '.join(known)}."
