"""The model process as its parent starts it, with the parent's end in the test's hand."""

import select
import socket
import subprocess
import sys


def test_it_ends_quietly_when_its_parent_dies_with_replies_unread() -> None:
    ours, its = socket.socketpair()
    with subprocess.Popen(
        [
            sys.executable,
            *("-m", "appliance.workers.child", "tests.workers.engines:echo"),
            str(its.fileno()),
        ],
        pass_fds=[its.fileno()],
        stderr=subprocess.PIPE,
    ) as child:
        its.close()
        # Its first sign of life has come and stays unread, so that closing resets the link.
        assert select.select([ours], [], [], 30)[0]
        ours.close()
        _, complaints = child.communicate(timeout=30)
    assert (child.returncode, complaints) == (0, b"")
