"""The site's customers over REST: search, and one with what is known about them."""

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.customers.rank import Hit
from appliance.errors import ProtocolError
from appliance.messages import CustomerCard
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer
from appliance.server.passes import own_id
from appliance.server.views import Views
from appliance.store.rows import SessionRow

LIMIT = 50
LAST_CALLS = 5
QUERY_CHARACTERS = 1000


class Hits(Struct, frozen=True, kw_only=True):
    customers: list[Hit]  # the best first


class CustomerDetail(Struct, frozen=True, kw_only=True):
    customer: CustomerCard
    calls: list[SessionRow]  # the last ones, newest first


async def search(box: Box, views: Views, request: Request) -> Response:
    """By name, number, e-mail address or order, with typing errors; `limit` at most 50."""
    query = request.query_params.get("query", "")
    limit = request.query_params.get("limit", "10")
    # The length first: Python refuses to read a number of thousands of digits.
    if not limit.isdecimal() or len(limit) > 9 or not 1 <= int(limit) <= LIMIT:
        raise ProtocolError(
            f"limit is {limit[:20]!r}.", fix=f"Give a number from 1 to {LIMIT}."
        )
    if len(query) > QUERY_CHARACTERS:
        raise ProtocolError(
            f"The query has {len(query)} characters.",
            fix=f"Give at most {QUERY_CHARACTERS}: a name, a number or an address.",
        )
    await views.searched_customers(request)
    return answer(Hits(customers=await box.customers.search(query, int(limit))))


async def one(box: Box, views: Views, request: Request) -> Response:
    customer_id = request.path_params["customer_id"]
    card = await box.customers.card(customer_id)
    if card is None:
        raise NotFound(
            "There is no customer with this number.", fix="See GET /api/customers/search."
        )
    await views.viewed_customer(request, card.id)
    calls = await box.store.calls_of(card.id, LAST_CALLS, own_id(request.scope))
    return answer(CustomerDetail(customer=card, calls=calls))
