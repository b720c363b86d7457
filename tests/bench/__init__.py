"""Benchmarks: ours and the peers, interleaved, against the same servers, as medians."""
