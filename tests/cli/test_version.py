import subprocess
import sys

from appliance import __version__


def test_an_admin_is_told_which_release_this_is() -> None:
    command = [sys.executable, "-m", "appliance", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"appliance {__version__}\n"
