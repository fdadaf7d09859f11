"""Sections of a configuration on the web console. They compile to `settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shield.config.schema_listener import ListenerSection
from shield.config.schema_secrets import SecretText
from shield.config.schema_types import Duration, FilePath, Section, Text, Url


class OidcSection(Section):
    """Sign-in through an OpenID provider: authorization code with PKCE."""

    issuer: Url = Field(
        description="The provider's issuer; its `/.well-known/openid-configuration` is read from there.",
        examples=["https://login.example.com/realms/staff"],
    )
    client_id: Text = Field(description="The client as the provider knows it.", examples=["shield-console"])
    client_secret: SecretText | None = Field(
        default=None,
        description="The client's secret. Without it, the client is a public one, protected by PKCE alone.",
        examples=["${env:SHIELD_OIDC_SECRET}"],
    )
    endpoint_hosts: list[Text] = Field(
        default=[],
        description="Hosts with internal addresses where the provider may have its token endpoint, keys and "
        "the like. The issuer's own host and port, and public addresses, need no mention.",
        examples=[["keys.login.example.com"]],
    )
    scopes: list[Text] = Field(
        default=["openid", "profile", "email"], description="Scopes to ask for.", examples=[["openid"]]
    )
    name_claim: Text = Field(
        default="email", description="Claim of the ID token that names the user.", examples=["email"]
    )
    roles_claim: Text = Field(
        default="groups",
        description="Claim of the ID token that lists groups or roles.",
        examples=["groups"],
    )
    roles: dict[Text, Literal["viewer", "auditor", "operator", "admin"]] = Field(
        default={},
        description="Role for each value of that claim. A user with none of these values may not sign in.",
        examples=[{"shield-auditors": "auditor"}],
        json_schema_extra={"placeholder": "VALUE"},
    )


class ConsoleSection(Section):
    """The web console for auditors and operators, a process of its own (`shield console`)."""

    listener: ListenerSection = Field(
        default=ListenerSection(port=9092),
        description="Where it listens. Without this section, on 127.0.0.1:9092.",
    )
    directory: FilePath = Field(
        default="state/console",
        description="Folder of its users, sessions and index, relative to the working directory of the "
        "process.",
        examples=["state/console"],
    )
    audit_directories: list[FilePath] = Field(
        default=[],
        description="Folders of audit logs to show beside `audit.directory`, such as copies of other hosts' "
        "logs.",
        examples=[["/srv/evidence/eu", "/srv/evidence/us"]],
    )
    public_url: Url | None = Field(
        default=None,
        description="URL under which browsers reach it, if a TLS proxy stands in front.",
        examples=["https://evidence.example.com"],
    )
    session_timeout: Duration = Field(
        default=28800.0, description="Time after which a user must sign in again.", examples=["8h"]
    )
    idle_timeout: Duration = Field(
        default=1800.0, description="Time after which an unused session ends.", examples=["30m"]
    )
    verify_interval: Duration = Field(
        default=86400.0,
        description="Between two verifications of all logs by the console.",
        examples=["24h"],
    )
    priority: Literal["background", "normal"] = Field(
        default="background",
        description="`background`: it runs when others leave a core idle. `normal`: for a host of its own.",
        examples=["normal"],
    )
    oidc: OidcSection | None = Field(
        default=None, description="Sign-in through an OpenID provider. Without it, only passwords."
    )
