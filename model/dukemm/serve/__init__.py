"""`dukemm serve`: GET /ping and POST /invocations of a SageMaker container."""
