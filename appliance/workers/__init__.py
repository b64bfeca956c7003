"""Child processes that own the models, behind a port of one method."""
