"""Kept results as tables, plots and the page docs/benchmarks/README.md."""
