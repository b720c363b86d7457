"""What may be read of coaching: one read model a file; what they are made of is in `parts`."""
