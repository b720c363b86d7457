"""The decisions of coaching, one kind of stream each. Pure: no clock, no chance, no I/O."""
