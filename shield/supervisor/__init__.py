"""The process above the workers: binds the sockets, starts workers and keeps them running.

It loads no detector and reads no payload, so that little in it can fail; it accepts no connections but those
of the admin listener.
"""
