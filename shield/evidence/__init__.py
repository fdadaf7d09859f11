"""What the audit log proves of a period: completeness, exceptions, samples. Reads logs, judges no payload."""
