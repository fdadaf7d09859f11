"""Series that name what runs: the build, the configuration and the policies in force."""

from __future__ import annotations

from collections.abc import Iterable

from shield.telemetry.declarations import Declarations

RELOADS = ("shield_config_reloads_total", "Reloads of the configuration.", "result")
"""Counted by the process that an operator tells to reload: a worker's own count is not shown beside it."""

RELOAD_RESULTS = ("ok", "refused")


class ConfigurationSeries:
    """The build, what it runs under, and the results of reloads."""

    def __init__(self, declarations: Declarations) -> None:
        self._build = declarations.gauge(
            "shield_build_info", "1, with the version as labels.", "version", "python"
        )
        self._digest = declarations.gauge(
            "shield_config_info", "1 for the configuration in force, by its digest.", "digest"
        )
        self._policies = declarations.gauge(
            "shield_policy_info",
            "1 for each policy in force, with the digests of its rules and of the detectors that it runs.",
            "policy",
            "digest",
            "model",
            "detector_digest",
        )
        self._reloads = declarations.counter(*RELOADS)
        for result in RELOAD_RESULTS:
            self._reloads.labels(result)
        self._reload_ok = declarations.gauge(
            "shield_config_last_reload_successful",
            "1 where the newest configuration is in force, 0 where it was refused.",
        )
        self._begins = declarations.gauge(
            "shield_certificate_not_before_timestamp_seconds",
            "From when a certificate that the shield shows is valid, in seconds since 1970.",
            "certificate",
        )
        self._ends = declarations.gauge(
            "shield_certificate_not_after_timestamp_seconds",
            "When a certificate that the shield shows expires, in seconds since 1970.",
            "certificate",
        )
        self._reload_ok.set(1)  # a worker that starts has refused nothing: a scrape must not read that

    def build(self, version: str, python: str) -> None:
        """Name the running build."""
        self._build.labels(version, python).set(1)

    def in_force(self, digest: str) -> None:
        """Name the configuration in force, in place of the previous one."""
        self._digest.clear()
        self._digest.labels(digest).set(1)
        self._reload_ok.set(1)

    def policies(self, policies: Iterable[tuple[str, str, str, str]]) -> None:
        """Name the policies in force, each as name, digest, model, detectors' digest, and drop the others."""
        self._policies.clear()
        for policy in policies:
            self._policies.labels(*policy).set(1)

    def certificates(self, certificates: Iterable[tuple[str, float, float]]) -> None:
        """Name the certificates shown, each as its place, begin and end, in place of the previous ones."""
        self._begins.clear()
        self._ends.clear()
        for place, begins, ends in certificates:
            self._begins.labels(place).set(begins)
            self._ends.labels(place).set(ends)

    def reloaded(self, *, ok: bool) -> None:
        """Count one reload of the configuration."""
        self._reloads.labels("ok" if ok else "refused").inc()
        self._reload_ok.set(int(ok))
