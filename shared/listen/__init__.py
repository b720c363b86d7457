"""Facts heard: marks, listeners, builds, parking, policies, the ticker."""
