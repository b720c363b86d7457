"""The HTTP edge: commands, queries, problems, tokens."""
