"""What the tests of every service are written with."""
