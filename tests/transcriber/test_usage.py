"""What the speech engine did."""

from appliance.transcriber.port import Purpose
from appliance.transcriber.scheduler import Request
from appliance.transcriber.usage import Usage


def request(purpose: Purpose, *, second: bool = False) -> Request:
    return Request(
        leg=object(),
        utterance="agent-1",
        purpose=purpose,
        start_ms=0,
        end_ms=1000,
        context_frames=1000,
        second=second,
    )


def test_a_pass_is_counted_once_and_each_of_its_utterances_by_what_it_was_for() -> None:
    usage = Usage()

    usage.took([request("final"), request("speculative"), request("final")], 0.25)
    usage.took([request("final", second=True)], 0.5)

    assert usage.busy_s == 0.75
    assert usage.passes == {"final": 1, "second": 1}
    assert usage.items == {"final": 2, "speculative": 1, "second": 1}
