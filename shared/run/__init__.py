"""A service that runs: its parts put together, its server, what it is seen to do."""
