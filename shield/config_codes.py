"""The codes of all problems and warnings that a configuration can have.

They are part of the public contract, like the codes of errors: a code never changes its meaning. Both sets
are closed, and a problem cannot be created without a code. `docs/configuration.md`, "Codes", says what to do
about each; a test keeps it equal to these.
"""

from __future__ import annotations

import enum


class ProblemCode(enum.StrEnum):
    """Why `shield check`, a start or a reload refuses a configuration or what it needs."""

    # the file
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    YAML_INVALID = "yaml_invalid"
    YAML_NOT_PLAIN = "yaml_not_plain"
    KEY_DUPLICATE = "key_duplicate"
    # keys and values
    KEY_UNKNOWN = "key_unknown"
    KEY_MISSING = "key_missing"
    KEYS_INCONSISTENT = "keys_inconsistent"
    VALUE_MISSING = "value_missing"
    VALUE_WRONG_KIND = "value_wrong_kind"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    VALUE_NOT_A_CHOICE = "value_not_a_choice"
    VALUE_MALFORMED = "value_malformed"
    # references and secrets
    REFERENCE_MALFORMED = "reference_malformed"
    REFERENCE_MISPLACED = "reference_misplaced"
    VARIABLE_UNSET = "variable_unset"
    SECRET_LITERAL = "secret_literal"  # noqa: S105  a name
    SECRET_FILE_UNUSABLE = "secret_file_unusable"  # noqa: S105  a name
    SECRET_MALFORMED = "secret_malformed"  # noqa: S105  a name
    # between the parts
    NAME_UNDEFINED = "name_undefined"
    NAME_DUPLICATE = "name_duplicate"
    ENTITY_NOT_LISTED = "entity_not_listed"
    ENTITY_NEVER_FOUND = "entity_never_found"
    ROUTES_AMBIGUOUS = "routes_ambiguous"
    ADDRESS_TAKEN = "address_taken"
    UPSTREAM_IS_LISTENER = "upstream_is_listener"
    SAMPLE_MALFORMED = "sample_malformed"
    # what only the detectors and operators know
    SELECTOR_INVALID = "selector_invalid"
    PATTERN_INVALID = "pattern_invalid"
    OPERATOR_UNKNOWN = "operator_unknown"
    OPERATOR_UNUSABLE = "operator_unusable"
    OPERATOR_PARAMETER_INVALID = "operator_parameter_invalid"
    RECOGNIZER_UNKNOWN = "recognizer_unknown"
    RECOGNIZER_UNUSABLE = "recognizer_unusable"
    MODEL_UNKNOWN = "model_unknown"
    MODEL_UNUSABLE = "model_unusable"
    REGION_UNKNOWN = "region_unknown"
    # what the machine has
    TLS_FILE_UNREADABLE = "tls_file_unreadable"
    TLS_FILES_UNUSABLE = "tls_files_unusable"
    FOLDER_UNUSABLE = "folder_unusable"
    ANCHOR_UNUSABLE = "anchor_unusable"
    LISTENER_UNUSABLE = "listener_unusable"
    INSTALLATION_INCOMPLETE = "installation_incomplete"
    CONSOLE_NOT_CONFIGURED = "console_not_configured"
    SIGNING_KEY_MISSING = "signing_key_missing"
    SIGNING_KEY_OTHER = "signing_key_other"
    KEY_FILE_EXPOSED = "key_file_exposed"
    # a reload
    CHANGE_NEEDS_RESTART = "change_needs_restart"
    FILE_CHANGED = "file_changed"
    DIGEST_UNEXPECTED = "digest_unexpected"


class WarningCode(enum.StrEnum):
    """What is allowed in a configuration and deserves a look."""

    # what lets personal data pass
    ROUTE_OBSERVES = "route_observes"
    ROUTE_BYPASSES = "route_bypasses"
    PATTERNS_ONLY = "patterns_only"
    BODY_KEPT = "body_kept"
    FIELD_KEPT = "field_kept"
    OPAQUE_KEPT = "opaque_kept"
    QUERY_KEPT = "query_kept"
    PATH_KEPT = "path_kept"
    HEADERS_KEPT = "headers_kept"
    POLICY_EMPTY = "policy_empty"
    POLICY_KEEPS_ALL = "policy_keeps_all"
    THRESHOLD_HIGH = "threshold_high"
    MASK_SHOWS_MUCH = "mask_shows_much"
    ALLOWED_TERM_PERSONAL = "allowed_term_personal"
    PATHS_ALIKE = "paths_alike"
    # what has no effect, or another one than it seems
    ENTITY_WITHOUT_EFFECT = "entity_without_effect"
    SAMPLE_UNTESTED = "sample_untested"
    NOTHING_USES_IT = "nothing_uses_it"
    MEDIA_TYPE_UNREAD = "media_type_unread"
    LIMITS_REVERSED = "limits_reversed"
    BODY_OUTLASTS_DRAIN = "body_outlasts_drain"
    # who can reach or read what
    ADDRESS_FROM_ANYBODY = "address_from_anybody"
    ADMIN_OPEN = "admin_open"
    SENT_IN_THE_CLEAR = "sent_in_the_clear"
    CERTIFICATES_UNTRUSTED = "certificates_untrusted"
    KEY_LIKE_PLACEHOLDER = "key_like_placeholder"
    SECRET_EXPOSED = "secret_exposed"  # noqa: S105  a name
    FILE_CHANGEABLE = "file_changeable"
    # what the machine has
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_EXPIRES_SOON = "certificate_expires_soon"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    FOLDER_NOT_WRITABLE = "folder_not_writable"
