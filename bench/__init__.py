"""Measurements: ratios inside one run, never absolute promises. docs/benchmarks.md says how to read them."""
