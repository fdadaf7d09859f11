"""Sealed records as OCSF events, to a file or to PostgreSQL; never on the path of a request."""
