"""The admin's handbook: Markdown that comes with the program, for a box with no network."""
