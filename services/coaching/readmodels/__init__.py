"""What may be read of coaching: one read model a file, and the row kinds that several of them share."""
