"""The auditor's web console: a process of its own that reads audit logs and never writes to one of them.

It runs beside the proxy and not in it, so that no page can slow a write. What it shows comes from an index
that is built from the logs and can be deleted; what it proves comes from the logs themselves.
"""
