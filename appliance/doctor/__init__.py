"""What is wrong with the box, if anything, and the command that mends it."""
