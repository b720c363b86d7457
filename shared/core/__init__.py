"""What services are written with: pure, no I/O, no clock."""
