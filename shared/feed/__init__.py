"""Facts on their way: out by the relay, in by the store feed or the Kafka feed."""
