"""From one release to another, and back, whatever happens on the way."""
