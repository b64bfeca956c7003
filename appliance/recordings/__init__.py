"""The audio of calls: kept while they go on, put together after them, and found again."""
