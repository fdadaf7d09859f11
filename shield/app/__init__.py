"""The composition root: the only room that knows every other."""

from shield.app.heart import RedactionDoor, build_redaction, check_config
from shield.app.hosting import Seams
from shield.app.server import run_server
from shield.app.service import Service, start_service

__all__ = [
    "RedactionDoor",
    "Seams",
    "Service",
    "build_redaction",
    "check_config",
    "run_server",
    "start_service",
]
