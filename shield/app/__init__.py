"""The composition root: the only room that knows every other.

Its parts are imported by their modules: who redacts a file needs no server.
"""
