"""A kit made, on a machine with a network, from a checkout that is set up."""
