"""What the agent could say next."""
