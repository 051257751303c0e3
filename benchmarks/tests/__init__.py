"""Tests of the benchmarks' machinery, not of their figures."""
