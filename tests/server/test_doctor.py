"""What an administrator's page learns of the box, from the doctor itself."""

from pathlib import Path

import httpx
import pytest

from tests.faults.process import NO_MODELS, Serving, serving


def examined(server: Serving) -> list[dict[str, str]]:
    """The findings, once it is through."""
    who = server.sign_in()
    with httpx.Client(base_url=server.url, headers=who, timeout=30) as http:
        assert http.get("/api/doctor").json()["begun"] is None
        begun = http.post("/api/doctor", json={}).json()
        assert begun["running"]
        # Asked again meanwhile it is the same one.
        assert http.post("/api/doctor", json={}).json()["begun"] == begun["begun"]
        while (told := http.get("/api/doctor").json())["running"]:
            assert told["looked"] <= told["checks"]
    assert told["looked"] == told["checks"] > 10
    return list(told["findings"])


@pytest.mark.timeout(120)
def test_the_doctor_looks_at_the_box_that_asks_for_it_and_says_what_mends(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, NO_MODELS) as server:
        found = {one["what"]: one for one in examined(server)}
        assert server.health()["outbound"] == 0
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()
    assert found["service"]["state"] == "ok"
    assert found["air gap"]["state"] == "ok"
    assert found["backup"]["state"] == "soon"
    assert "`systemctl start appliance-backup`" in found["backup"]["fix"]
    assert {one["state"] for one in found.values()} <= {"ok", "soon", "wrong", "unknown"}
