"""A start does not load spaCy until Presidio needs it, nor `requests`. Each test runs in its own process."""

from __future__ import annotations

import subprocess
import sys


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_building_an_analyzer_imports_no_spacy() -> None:
    program = """
import sys
import os
from shield.analyzer.build import build_analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.domain import DetectorSpec
build_analyzer(DetectorSpec(model="none"), store=CompiledStore.of_environment(os.environ))
print(sorted({name.partition(".")[0] for name in sys.modules} & {"spacy", "thinc", "pandas", "torch"}))
"""
    assert run(program) == "[]"


def test_the_import_compiles_no_pattern_of_presidio_and_later_ones_are_tried_out() -> None:
    program = """
import regex
compiled, seen = regex.compile, []
def compiling(pattern, *options, **named):
    seen.append(pattern)
    return compiled(pattern, *options, **named)
regex.compile = compiling
import shield.analyzer
from presidio_analyzer import Pattern, pattern
print(any("academy" in str(each) for each in seen), pattern.Pattern is Pattern)
try:
    Pattern("x", "(", 0.5)
except ValueError as error:
    print(str(error)[:21])
"""
    assert run(program).splitlines() == ["False True", "Invalid regex pattern"]


def test_what_presidio_took_from_spacy_is_the_real_thing_when_it_is_used() -> None:
    program = """
import shield.analyzer
from presidio_analyzer.nlp_engine import NoOpNlpEngine, huggingface_token_pipe, spacy_nlp_engine
import sys
assert "spacy" not in sys.modules
engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
engine.load()
print(type(engine.process_text("a b", "en").tokens).__module__)
blank = spacy_nlp_engine.spacy.blank("en")
print([token.text for token in blank("maria garcia")])
import spacy
print(isinstance(blank, spacy.Language), spacy.Language.has_factory(huggingface_token_pipe.FACTORY_NAME))
"""
    lines = run(program).splitlines()
    assert lines[0] == "spacy.tokens.doc"
    assert lines[1] == "['maria', 'garcia']"
    assert lines[2] == "True True"


def test_an_address_is_found_without_requests_which_is_the_real_thing_when_it_is_used() -> None:
    program = """
import os, sys
from shield.analyzer.build import build_analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment
analyzer = build_analyzer(DetectorSpec(model="none"), store=CompiledStore.of_environment(os.environ))
policy = Policy("all", "", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
texts = ("write to maria@example.com", "write to maria@example.nosuchdomain")
found = [analyzer.analyze([Segment(0, text)], policy)[0] for text in texts]
print([any(each.entity_type == "EMAIL_ADDRESS" for each in findings) for findings in found])
print(sorted(sys.modules.keys() & {"requests", "requests_file", "urllib3", "spacy"}))
from tldextract import suffix_list
session = suffix_list.requests.Session()
session.mount("file://", suffix_list.FileAdapter())
import requests, requests_file
adapter = session.get_adapter("file:///")
print(type(session) is requests.Session, type(adapter) is requests_file.FileAdapter)
print("spacy" in sys.modules)
"""
    lines = run(program).splitlines()
    assert lines == ["[True, False]", "[]", "True True", "False"]


def test_a_process_that_has_requests_keeps_it() -> None:
    program = """
import requests
import shield.analyzer
from tldextract import suffix_list
print(suffix_list.requests is requests)
"""
    assert run(program) == "True"


def test_a_process_that_has_spacy_keeps_it() -> None:
    program = """
import spacy
import shield.analyzer
from presidio_analyzer.nlp_engine import nlp_artifacts
print(nlp_artifacts.Doc is spacy.tokens.Doc)
"""
    assert run(program) == "True"


def test_a_failed_import_leaves_no_stand_in_behind() -> None:
    program = """
import sys
from importlib.abc import MetaPathFinder
class Broken(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "presidio_analyzer":
            raise ImportError("broken")
sys.meta_path.insert(0, Broken())
try:
    import shield.analyzer
except ImportError as error:
    print(error, [name for name in sys.modules if name.partition(".")[0] in ("spacy", "thinc")])
"""
    assert run(program) == "broken []"
