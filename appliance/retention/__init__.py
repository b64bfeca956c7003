"""How long what is kept is kept, what is kept longer, and what is taken out for good."""
