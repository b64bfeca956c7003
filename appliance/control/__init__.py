"""How the command line reaches a server that has the files."""
