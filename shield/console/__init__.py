"""The auditor's web console: a process of its own that reads audit logs and never writes to one of them.

It stands beside the proxy and not in it, so that no page can slow a write. What it shows comes from an
index that is made of the logs and can be thrown away; what it proves comes from the logs themselves.
"""
