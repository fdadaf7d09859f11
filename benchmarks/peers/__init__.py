"""The programs that are measured: each a reverse proxy in front of the same upstream."""
