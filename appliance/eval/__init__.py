"""How well the box does what it does, on conversations that nobody here wrote."""
