"""What a call was about and how it came out, as a draft for the agent."""
