"""Facts kept: the append function, the store, receipts, the desk, the codec."""
