"""What onboarding answers: one file for each `GET /v1/<read-model>`."""
