"""The container's HTTP side: GET /ping, POST /invocations."""
