"""The services. Each stands alone: none imports another."""
