"""Sections of a configuration on the audit log. They compile to `settings`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_secrets import Key, PublicKey, SigningKey
from shield.config.schema_types import Duration, FilePath, Integer, Label, Name, Origin, Section, Text, Url
from shield.config_codes import ProblemCode


class SignerSection(Section):
    """A program that signs for the log, such as a client of a key service."""

    command: list[Text] = Field(
        min_length=1,
        description="Program and arguments, without a shell. Standard input: the bytes to sign. Standard "
        "output: the Ed25519 signature, 64 bytes or their base64.",
        examples=[["/usr/local/bin/sign-with-kms", "alias/shield-audit"]],
    )
    public_key: PublicKey = Field(
        description="The public key: base64 of its 32 bytes. Every signature is checked against it.",
        examples=["11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
    )
    timeout: Duration = Field(default=5.0, description="After this, the program is ended.", examples=["5s"])


class AnchorSection(Section):
    """A place outside the host's trust that the heads of all logs in `directory` are given to."""

    type: Literal["directory", "witness", "timestamp"] = Field(
        description="`directory`: files that are only ever added; `witness`: C2SP tlog-witness; `timestamp`: "
        "RFC 3161.",
        examples=["witness"],
    )
    path: FilePath | None = Field(
        default=None,
        description="For `directory`: the folder, on a mount that the host cannot rewrite; a separate one "
        "for each `audit.directory`.",
        examples=["/mnt/anchors"],
    )
    url: Url | None = Field(
        default=None,
        description="For `witness`: its submission prefix. For `timestamp`: where queries are posted.",
        examples=["https://witness.example.com/w1"],
    )
    key: Text | None = Field(
        default=None,
        description="For `witness`: its verifier key (type 0x04). Its cosignatures are checked against it.",
        examples=["witness.example.com/w1+8d66cf3f+BHkHt..."],
    )
    certificates: FilePath | None = Field(
        default=None,
        description="For `timestamp`: the authority's root certificates, PEM. Its tokens are checked "
        "against them.",
        examples=["anchors/tsa-roots.pem"],
    )
    interval: Duration = Field(
        default=300.0,
        description="Between two anchorings. What was signed since the last one is the tamper window.",
        examples=["5m"],
    )
    timeout: Duration = Field(default=10.0, description="For one call to the anchor.", examples=["10s"])

    @model_validator(mode="after")
    def _whole(self) -> AnchorSection:
        needs = {
            "directory": {"path"},
            "witness": {"url", "key"},
            "timestamp": {"url", "certificates"},
        }[self.type]
        given = {name for name in ("path", "url", "key", "certificates") if getattr(self, name) is not None}
        if given != needs:
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT,
                f"an anchor of type {self.type} takes {' and '.join(sorted(needs))} and no other key",
            )
        return self


class AuditSection(Section):
    """The audit log."""

    directory: FilePath = Field(
        description="Folder of the log, relative to the working directory of the process.",
        examples=["state/audit"],
    )
    origin: Origin = Field(
        description="Name of the log in checkpoints and receipts (C2SP tlog-checkpoint); unique, and never "
        "changed.",
        examples=["shield.example.com/eu-1"],
    )
    commit_interval: Annotated[Duration, Field(le=1), Label("duration, at most 1s")] = Field(
        default=0.005,
        description="How long records are collected before one sync writes them all.",
        examples=["5ms"],
    )
    checkpoint_interval: Duration = Field(
        default=10.0, description="Between two signed checkpoints.", examples=["10s"]
    )
    heartbeat_interval: Annotated[Duration, Field(le=3600), Label("duration, at most 1h")] = Field(
        default=60.0,
        description="Between two records that say that the process is alive. Silence of more than two "
        "intervals counts as a gap in the evidence.",
        examples=["60s"],
    )
    signing_key: SigningKey | None = Field(
        default=None,
        description="Ed25519 key of the checkpoints: PEM, or a seed of 32 bytes. Without it, one is created "
        "in `directory`.",
        examples=["${file:secrets/audit-signing.pem}"],
    )
    digest_key: Key | None = Field(
        default=None,
        description="Keys the HMAC of bodies before redaction. Without it, one is created in `directory` for "
        "each `digest_key_period`.",
        examples=["${env:SHIELD_DIGEST_KEY}"],
    )
    retired_signing_key: SigningKey | None = Field(
        default=None,
        description="The key before `signing_key` or `signer`, for the start that rotates it: it signs the "
        "rotation too.",
        examples=["${file:secrets/audit-signing-2030.pem}"],
    )
    signer: SignerSection | None = Field(
        default=None, description="A program that signs the checkpoints, instead of `signing_key`."
    )
    digest_key_period: Literal["month", "quarter", "year"] = Field(
        default="month",
        description="How long a digest key that the shield makes is used. `shield keys destroy` erases the "
        "key of one period.",
        examples=["quarter"],
    )
    retention_months: Annotated[Integer, Field(ge=0, le=1200), Label("whole number, 0 to 1200")] = Field(
        default=15,
        description="Records older than this are pruned, unless a legal hold is in place. 0: never.",
        examples=[24],
    )

    anchors: dict[Name, AnchorSection] = Field(
        default={},
        description="Where the heads of the logs are anchored, by name.",
        json_schema_extra={"placeholder": "NAME"},
    )

    @model_validator(mode="after")
    def _one_signer(self) -> AuditSection:
        if self.signer is not None and self.signing_key is not None:
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT, "either `signing_key` or `signer`, not both"
            )
        if self.retired_signing_key is not None and self.signer is None and self.signing_key is None:
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT,
                "`retired_signing_key` needs the `signing_key` or `signer` that comes after it",
            )
        return self
