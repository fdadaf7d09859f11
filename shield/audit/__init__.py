"""The audit log: one append-only, tamper-evident record of every decision. Format: docs/audit-log.md."""
