"""The decisions of onboarding, one kind of stream each. Pure: no clock, no chance, no I/O."""
