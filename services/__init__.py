"""The four services. Each stands alone: none imports another."""
