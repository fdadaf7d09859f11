"""The process above the workers: binds the sockets, starts workers and keeps them running.

It loads no detector and reads no payload, so that what can fail in it is little; it takes no
connection but those of the admin listener.
"""
