"""Folding history anew: rebuilding a read model beside the live one, verifying it, and bringing up what is behind."""
