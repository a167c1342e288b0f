"""Whether the house stands: liveness and readiness for whoever runs it."""
