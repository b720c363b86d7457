"""Store and topic kept one: compared fact by fact, sent again, put back from each other."""
