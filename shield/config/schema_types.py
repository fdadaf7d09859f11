"""The types of values in a configuration: their validation, and how an editor sees them.

Every validator raises InvalidValueError with a text that says what is wrong and what is allowed, never the
value, which may have come from the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from shield.config.invalid import InvalidValueError
from shield.config.path_template import parse_path_template
from shield.config.quantities import DURATION_PATTERN, SIZE_PATTERN, parse_duration, parse_size
from shield.config.source import suggestion
from shield.config.substitution import EnvText
from shield.config.yaml_document import scalar
from shield.config_codes import ProblemCode


class Section(BaseModel):
    """Base of all sections: frozen, strict, unknown keys refused, values never in an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, use_attribute_docstrings=False
    )


@dataclass(frozen=True, slots=True)
class Label:
    """What a type is called in docs/configuration.md."""

    text: str


def _from_environment(value: Any) -> Any:
    return scalar(str(value)) if isinstance(value, EnvText) else value


MAX_WORKERS = 256


def _workers(value: Any) -> int | str:
    value = _from_environment(value)
    if value == "auto" or (type(value) is int and 0 <= value <= MAX_WORKERS):
        return str(value) if isinstance(value, str) else int(value)
    raise InvalidValueError(
        ProblemCode.VALUE_NOT_A_CHOICE, f"must be auto, or a whole number from 0 to {MAX_WORKERS}"
    )


def _fits(pattern: str, message: str) -> AfterValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise InvalidValueError(ProblemCode.VALUE_MALFORMED, message)
        return value

    return AfterValidator(check)


def _text(pattern: str, message: str) -> tuple[AfterValidator, WithJsonSchema]:
    return _fits(pattern, message), WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"})


def _check_url(value: str) -> str:
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "a URL must not contain spaces or control characters"
        )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "this is not a URL; write http://HOST[:PORT][/BASE] or https://…"
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidValueError(ProblemCode.VALUE_MALFORMED, "must be http://HOST[:PORT][/BASE] or https://…")
    if port == 0:
        raise InvalidValueError(ProblemCode.VALUE_OUT_OF_RANGE, "the port must be 1 to 65535")
    if "@" in parts.netloc:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "a URL must not contain credentials; those that the client sends reach the upstream unchanged",
        )
    if "?" in value or "#" in value:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "a base URL must not contain a query or a fragment"
        )
    return value.rstrip("/")


def _check_network(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "must be an IP address or a network, such as 10.0.0.0/16 or fd00:10::/64; no bit "
            "after the prefix may be set",
        ) from None
    return value


def _check_path(value: str) -> str:
    parse_path_template(value)
    return value


def _check_not_blank(value: str) -> str:
    if not value.strip():
        raise InvalidValueError(ProblemCode.VALUE_MALFORMED, "must not be empty")
    return value


Text = Annotated[str, AfterValidator(_check_not_blank), WithJsonSchema({"type": "string", "minLength": 1})]
Integer = Annotated[int, BeforeValidator(_from_environment), Label("whole number")]
Number = Annotated[float, BeforeValidator(_from_environment), Field(allow_inf_nan=False), Label("number")]
Flag = Annotated[bool, BeforeValidator(_from_environment), Label("true or false")]
Score = Annotated[Number, Field(ge=0, le=1), Label("number, 0 to 1")]
Port = Annotated[Integer, Field(ge=0, le=65535), Label("port, 0 to 65535")]
Count = Annotated[Integer, Field(ge=1, le=1_000_000_000), Label("whole number, at least 1")]

Workers = Annotated[
    int | str,
    BeforeValidator(_workers),
    WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 0, "maximum": MAX_WORKERS}]}),
    Label("`auto`, or whole number, 0 to 256"),
]
Size = Annotated[
    int,
    BeforeValidator(parse_size),
    Field(ge=1, le=2**50),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": SIZE_PATTERN}]}
    ),
    Label("size"),
]
SizeOrZero = Annotated[
    int,
    BeforeValidator(parse_size),
    Field(ge=0, le=2**50),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": SIZE_PATTERN}]}
    ),
    Label("size, may be 0"),
]
_DURATION_FORM = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DURATION_PATTERN}],
}
Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(gt=0, le=86400 * 365),
    WithJsonSchema(_DURATION_FORM),
    Label("duration"),
]
DurationOrZero = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(ge=0, le=86400 * 365),
    WithJsonSchema(_DURATION_FORM),
    Label("duration, may be 0"),
]

Name = Annotated[
    str,
    *_text(
        r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
        "a name is 1 to 64 letters, digits, '_', '.' and '-', and starts with a letter or digit",
    ),
    Label("name"),
]
RouteName = Annotated[
    str,
    *_text(r"[a-z0-9_-]{1,64}", "a route's name is 1 to 64 of a-z, 0-9, '_' and '-'"),
    Label("name of a-z, 0-9, _ and -"),
]
EntityType = Annotated[
    str,
    *_text(
        r"[A-Z][A-Z0-9_]{0,63}",
        "an entity type is upper case: A-Z, then A-Z, 0-9 and '_', such as EMAIL_ADDRESS",
    ),
    Label("entity type"),
]
Host = Annotated[
    str,
    *_text(r"[A-Za-z0-9._:%-]{1,255}", "must be a host name or an IP address, without a port"),
    Label("host name or IP address"),
]
Network = Annotated[str, AfterValidator(_check_network), Label("IP network, or IP address")]
MatchHost = Annotated[
    str,
    *_text(
        r"\*|(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,249}[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]",
        "must be '*' (any), '*.' and a domain, or a host name or IP address, without a port",
    ),
    Label("`*`, `*.DOMAIN`, host name or IP address"),
]
SentHost = Annotated[
    str,
    *_text(
        r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?)(:[1-9][0-9]{0,4})?",
        "must be upstream, client, or a host name or IP address, with or without a port",
    ),
    Label("`upstream`, `client`, or host name or IP address with or without a port"),
]
ApiKeyDigest = Annotated[
    str,
    *_text(
        r"sha256:[0-9a-f]{64}",
        "must be sha256: and 64 hex digits, as `shield callers new` prints it; never the key itself",
    ),
    Label("`sha256:` and 64 hex digits"),
]
CertificateName = Annotated[
    str,
    *_text(
        r"sha256:[0-9a-f]{64}|dns:[a-z0-9_]([a-z0-9_.-]{0,249}[a-z0-9_])?|uri:[!-~]{1,1024}",
        "must be sha256: and the 64 hex digits of the certificate's fingerprint, dns: and a name in lower "
        "case, or uri: and a URI",
    ),
    Label("`sha256:FINGERPRINT`, `dns:NAME` or `uri:URI`"),
]
HeaderName = Annotated[
    str,
    *_text(
        r"(?i:x-)[A-Za-z0-9-]{1,62}", "must be a header name that begins with X-, of letters, digits and '-'"
    ),
    Label("header name"),
]
# Fields that frame a message, or say what an answer may be, cannot be configured.
FieldName = Annotated[
    str,
    *_text(
        r"(?!(?i:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|range|cookie|"
        r"proxy-[a-z-]+|content-[a-z-]+|accept-encoding|if-[a-z-]+)$)[A-Za-z0-9][A-Za-z0-9-]{0,63}",
        "must be a header name of letters, digits and '-', none that frames the request or adds conditions",
    ),
    Label("header name"),
]
Path_ = Annotated[str, AfterValidator(_check_path), Label("path template")]
Method = Annotated[
    str,
    *_text(
        r"(?!CONNECT$|TRACE$)[A-Z][A-Z-]{0,31}",
        "a method is in upper case, such as POST; CONNECT and TRACE are never proxied",
    ),
    Label("method"),
]
MediaTypePattern = Annotated[
    str,
    *_text(
        r"\*/\*|(\*|[a-z0-9][a-z0-9!#$&^_.+-]*)/\*\+[a-z0-9][a-z0-9.-]*"
        r"|[a-z0-9][a-z0-9!#$&^_.+-]*/(\*|[a-z0-9][a-z0-9!#$&^_.+-]*)",
        "must be a media type in lower case without parameters: type/subtype, type/*, */* or */*+suffix",
    ),
    Label("media type"),
]
Url = Annotated[
    str,
    AfterValidator(_check_url),
    WithJsonSchema({"type": "string", "pattern": r"^(?:https?://|\$\{env:)"}),
    Label("URL"),
]
FilePath = Annotated[Text, Label("path")]
Language = Annotated[
    str,
    *_text(r"[a-z]{2,3}", "a language is its ISO 639 code in lower case, such as en"),
    Label("language"),
]
Region = Annotated[
    str,
    *_text(r"[A-Z]{2}", "a region is its ISO 3166 code in upper case, such as US"),
    Label("region"),
]
_MODEL = r"none|fast|accurate|cascade|spacy:[A-Za-z_][A-Za-z0-9_]*|nlp:[A-Za-z_][A-Za-z0-9_.-]*"
_MODELS = ("none", "fast", "cascade", "accurate")


def _check_model(value: str) -> str:
    if not re.fullmatch(_MODEL, value):
        near = suggestion(value, _MODELS)
        raise InvalidValueError(
            ProblemCode.VALUE_NOT_A_CHOICE,
            f"must be 'none', 'fast', 'cascade', 'accurate', 'spacy:PACKAGE' or 'nlp:NAME'{near}",
        )
    return value


Model = Annotated[
    str,
    AfterValidator(_check_model),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_MODEL})$"}),
    Label("`none`, `fast`, `cascade`, `accurate`, `spacy:PACKAGE` or `nlp:NAME`"),
]
# A schema-less URL, as C2SP tlog-checkpoint recommends. No space and no plus (signed-note), no '#', which
# separates origin and index in receipts; the log's folder is named after it.
Origin = Annotated[
    str,
    *_text(
        r"(?=.{1,200}$)[A-Za-z0-9][A-Za-z0-9._~:-]*(/[A-Za-z0-9._~:-]+)*",
        "an origin is 1 to 200 letters, digits, '.', '_', '~', ':', '-' and '/', no space and no '+', "
        "such as shield.example.com/worker-0",
    ),
    Label("origin"),
]
