"""What the machine gives the server: room for connections."""

import resource

# A site has a few hundred people with a few connections each.
MOST_CONNECTIONS = 8192

# For the record, the models' pipes, and whatever libraries open.
OTHER_FILES = 512


def room_for_connections() -> int:
    """How many may be open at once, after as many files as possible are allowed: where 1024
    are, which is a usual default, that many silent connections lock everybody out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_CONNECTIONS + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        files = min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files - OTHER_FILES, files // 2)
