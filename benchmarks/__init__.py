"""Measures the shield against its peers: `python -m benchmarks`, `.memory`, `.report`."""
