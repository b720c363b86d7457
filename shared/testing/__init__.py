"""How services are tested: scenarios for deciders, interleavings for read models."""
