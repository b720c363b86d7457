"""The real PostgreSQL and Kafka that tests stand on, found or started once for a whole run."""
