"""A copy of all that cannot be made again, made while calls go on, and its return."""
