"""A complete valid configuration whose lines the tests replace one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from shield.config.loader import ConfigErrors, load_text

SAMPLE = """\
version: 1
listeners:
  proxy: {host: 127.0.0.1, port: 8080}
  admin: {host: 127.0.0.1, port: 9090}
upstreams:
  store:
    url: http://127.0.0.1:8081
    timeouts: {connect: 2s, read: 30s, total: 60s}
policies:
  default:
    languages: [en]
    detector:
      model: spacy:en_core_web_sm
      patterns:
        - {name: case, entity: CASE_NUMBER, regex: 'CASE-\\d+', score: 0.6}
    entities:
      PERSON: replace
      CASE_NUMBER: {operator: hash, key: main}
    allow_lists:
      - {terms: [Zendesk]}
    deny_lists:
      - {terms: [Aurora], entity: PERSON}
routes:
  - name: tickets
    match: {path: '/api/tickets/{id}', methods: [POST]}
    upstream: store
    policy: default
    fields:
      - {select: "$.name", action: treat_as, entity: PERSON}
  - name: contacts
    match: {path: '/api/contacts'}
    upstream: store
    policy: default
limits: {body: 1MiB}
keys:
  main: ${env:MAIN_KEY}
audit:
  directory: state/audit
  origin: shield.example/log-0
logging: {level: info}
"""

ENV = {"MAIN_KEY": "a-key-of-enough-bytes", "PORT": "8443", "HOST": "store.example.com"}


def changed(old: str, new: str) -> str:
    assert SAMPLE.count(old) == 1, old
    return SAMPLE.replace(old, new)


def load_sample(text: str = SAMPLE, folder: Path = Path(), env=None):
    return load_text(text.encode(), "shield.yaml", ENV if env is None else env, folder)


def lines_of_sample(old: str, new: str) -> list[str]:
    """The error lines of the sample with `old` replaced by `new`, without the file's name."""
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed(old, new))
    return [str(problem).removeprefix("shield.yaml:") for problem in caught.value.problems]
