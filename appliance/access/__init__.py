"""Who may come in: people, their sign-ins, tokens, and the log of what all of them did."""
