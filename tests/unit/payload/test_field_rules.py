from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath_rfc9535 import JSONPathError

from shield.domain import FieldAction, FieldRule, Limits
from shield.errors import ConfigError, MalformedBodyError, ShieldError, TooDeepError
from shield.payload.codecs import CodecRegistry
from shield.payload.form import FormCodec
from shield.payload.json_codec import JsonCodec, NdjsonCodec
from shield.payload.media_type import MediaType
from shield.payload.placed_rules import PlacedRules
from shield.payload.queries import compile_query, locations
from shield.payload.selectors import NO_RULES, FieldRules
from shield.payload.text import TextCodec
from tests.unit.payload.apply import decode, drop, inspect, keep, replace_text, treat


def in_force(document):
    """`kind text` of each segment with the rule's action there, or `inspect` if there is none."""
    return [
        (
            f"{s.kind.value} {s.text}",
            document.rules[s.index].action.value if s.index in document.rules else "inspect",
        )
        for s in document.segments
    ]


@pytest.mark.parametrize(
    "selector", ["", "a", "$.", "$[", "$[?nope(@.a)]", "$['a", "$[99999999999999999999]"]
)
def test_a_bad_selector_is_named_by_its_place(selector):
    with pytest.raises(ConfigError) as caught:
        FieldRules.compile([keep("$.a"), keep(selector)])
    assert "fields[1]" in caught.value.detail


def test_treat_as_needs_a_type():
    with pytest.raises(ConfigError, match=r"fields\[0\]"):
        FieldRules.compile([FieldRule("$.a", FieldAction.TREAT_AS)])


def test_no_rules_are_false():
    assert not NO_RULES
    assert not FieldRules.compile([])
    assert FieldRules.compile([keep("$")])


@pytest.mark.parametrize(
    ("body", "rules", "expected"),
    [
        ('{"a":"x","b":"y"}', [keep("$.a")], [
            ("key a", "inspect"), ("text x", "keep"), ("key b", "inspect"), ("text y", "inspect"),
        ]),
        ('{"a":{"n":1}}', [keep("$.a")], [("key a", "inspect"), ("key n", "keep"), ("number 1", "keep")]),
        ('{"a":{"n":1}}', [treat("$.a")], [("key a", "inspect"), ("key n", "inspect"),
            ("number 1", "treat_as")]),
        ('{"a":{"n":1,"m":2}}', [keep("$.a"), inspect("$.a.n")], [
            ("key a", "inspect"), ("key n", "keep"), ("number 1", "inspect"), ("key m", "keep"),
            ("number 2", "keep"),
        ]),
        ('{"a":{"n":1}}', [inspect("$.a.n"), keep("$.a")], [
            ("key a", "inspect"), ("key n", "keep"), ("number 1", "keep"),
        ]),
        ("[true,null,false]", [treat("$[0]"), keep("$[1]")], [("literal true", "treat_as")]),
        ('["a","b"]', [treat("$[*]"), keep("$[-1]")], [("text a", "treat_as"), ("text b", "keep")]),
        ('[{"t":"x","v":"1"},{"t":"y","v":"2"}]', [treat("$[?@.t == 'y'].v")], [
            ("key t", "inspect"), ("text x", "inspect"), ("key v", "inspect"), ("text 1", "inspect"),
            ("key t", "inspect"), ("text y", "inspect"), ("key v", "inspect"), ("text 2", "treat_as"),
        ]),
        ('"x"', [keep("$")], [("text x", "keep")]),
        ('{"a":1e400,"b":12345678901234567890123}', [treat("$[?@ > 1]")], [
            ("key a", "inspect"), ("number 1e400", "treat_as"), ("key b", "inspect"),
            ("number 12345678901234567890123", "treat_as"),
        ]),
        (r'{"\u0061":"\ud800"}', [keep("$.a")], [("key a", "inspect"), ("text \ud800", "keep")]),
    ],
)  # fmt: skip
def test_the_last_rule_that_holds_wins(body, rules, expected):
    assert in_force(decode(JsonCodec(), body.encode(), *rules)) == expected


@pytest.mark.parametrize(
    ("body", "rules", "expected", "dropped"),
    [
        ('{"a":1,"b":2}', [drop("$.a")], '{"b":2}', [("a",)]),
        ('{"a":1,"b":2}', [drop("$.b")], '{"a":1}', [("b",)]),
        ('{ "a" : "x" , "b" : "y" }', [drop("$.a")], '{ "b" : "y" }', [("a",)]),
        ('{ "a" : "x" , "b" : "y" }', [drop("$.b")], '{ "a" : "x" }', [("b",)]),
        ('{ "a" : [1] }', [drop("$.a")], "{  }", [("a",)]),
        ('{"a":1,"b":2,"c":3,"d":4}', [drop("$['b','c']")], '{"a":1,"d":4}', [("b",), ("c",)]),
        ('{"a":1,"b":2,"c":3}', [drop("$['a','c']")], '{"b":2}', [("a",), ("c",)]),
        ('{"a":1,"b":2,"c":3}', [drop("$['b','c']")], '{"a":1}', [("b",), ("c",)]),
        ('{"a":1,"b":2,"c":3}', [drop("$.*")], "{}", [("a",), ("b",), ("c",)]),
        ('{"a":{"b":"x","c":"y"}}', [drop("$.a.b")], '{"a":{"c":"y"}}', [("a", "b")]),
        ('{"a":{"b":"x"}}', [drop("$.a"), keep("$.a.b")], "{}", [("a",)]),
        ('{"a":{"b":"x"}}', [drop("$.a.b"), keep("$.a")], '{"a":{"b":"x"}}', []),
        ('{"a":{"b":"x","c":1}}', [drop("$.a"), inspect("$.a")], '{"a":{"b":"x","c":1}}', []),
        ('["x",1,{"a":2}]', [drop("$[0,2]")], "[null,1,null]", [(0,), (2,)]),
        (' {"a":1} ', [drop("$")], " null ", [()]),
        ('"x"', [drop("$")], "null", [()]),
        ('{"a":"1","b":2,"a":[3]}', [drop("$.a")], '{"b":2}', [("a",), ("a",)]),
        ('[{"a":1},{"a":2,"b":3}]', [drop("$..a")], '[{},{"b":3}]', [(0, "a"), (1, "a")]),
    ],
)
def test_dropped_nodes_go_with_their_commas(body, rules, expected, dropped):
    document = decode(JsonCodec(), body.encode(), *rules)
    assert document.encode({}).decode() == expected
    assert list(document.drops) == [("$", location) for location in dropped]


def test_edits_and_drops_go_together():
    body = b'{"Ann": "Ann", "x": "Ann", "n": [1, "Ann"], "Bob": 1}'
    document = decode(JsonCodec(), body, drop("$.x"), drop("$.n[0]"))
    made = replace_text(document, {"Ann": "<P>", "Bob": "<P>"})
    assert made == b'{"<P>": "<P>", "n": [null, "<P>"], "<P_2>": 1}'


@pytest.mark.parametrize(
    ("body", "rule", "expected"),
    [
        # treat_as hits each occurrence
        ('{"a":"1","a":"2"}', treat("$.a"), ["treat_as", "treat_as"]),
        ('{"p":{"a":"1"},"p":{"a":"2"}}', treat("$.p.a"), ["treat_as", "treat_as"]),
        ('{"p":{"a":"1"},"p":{"b":"2"}}', treat("$.p.a"), ["treat_as", "inspect"]),
        # a keep that every reading confirms
        ('{"a":"1","a":"2"}', keep("$.a"), ["keep", "keep"]),
        ('{"p":{"a":"1"},"p":{"b":"2"}}', keep("$.p.a"), ["keep", "inspect"]),
        # a keep by filter exempts no occurrence that some reading inspects
        ('[{"t":"pub","t":"sec","v":"1"}]', keep("$[?@.t == 'pub'].v"), ["inspect", "inspect", "inspect"]),
        ('[{"t":"pub","t":"sec","v":"1"}]', treat("$[?@.t == 'pub'].v"), ["inspect", "inspect", "treat_as"]),
        ('[{"t":"pub","t":"pub","v":"1"}]', keep("$[?@.t == 'pub'].v"), ["inspect", "inspect", "keep"]),
        ('{"a":"1","a":"2"}', keep("$[?@ == '1']"), ["keep", "inspect"]),
    ],
)
def test_each_duplicate_is_judged_by_itself(body, rule, expected):
    document = decode(JsonCodec(), body.encode(), rule)
    values = [action for text, action in in_force(document) if text.startswith("text")]
    assert values == expected


def test_duplicates_with_too_many_readings_are_refused_only_under_rules():
    body = "{" + ",".join(f'"k{number}":1,"k{number}":2' for number in range(7)) + "}"
    assert decode(JsonCodec(), body.encode()).encode({}) == body.encode()
    with pytest.raises(MalformedBodyError, match="duplicate"):
        decode(JsonCodec(), body.encode(), keep("$[?@.a]"))
    sixty_four = "{" + ",".join(f'"k{number}":1,"k{number}":2' for number in range(6)) + "}"
    assert len(decode(JsonCodec(), sixty_four.encode(), drop("$.k0")).drops) == 2


def test_a_query_that_cannot_be_evaluated_refuses_without_the_value():
    class Broken:
        def finditer(self, value):
            raise JSONPathError(f"cannot compare {value}", token=None)

    with pytest.raises(ShieldError, match="could not be evaluated") as raised:
        list(locations(Broken(), "secret-zebra"))
    assert "zebra" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_descendant_queries_reach_deeper_than_the_library_does_by_itself():
    body = b'{"a":' * 120 + b'"x"' + b"}" * 120
    document = decode(JsonCodec(), body, keep("$..a"))
    assert document.rules[document.segments[-1].index].action is FieldAction.KEEP


def test_nesting_that_no_query_can_walk_is_too_deep():
    body = b"[" * 5000 + b"]" * 5000
    with pytest.raises(TooDeepError):
        decode(JsonCodec(), body, keep("$..a"), limits=Limits(nesting_depth=6000))


def test_rules_of_ndjson_run_line_by_line():
    body = b'{"a":"x","b":"y"}\r\n\n{"a":"z"}\n"w"\n'
    document = decode(NdjsonCodec(), body, drop("$.a"))
    assert document.drops == [("line[0]", ("a",)), ("line[2]", ("a",))]
    assert replace_text(document, {"w": "<P>"}) == b'{"b":"y"}\r\n\n{}\n"<P>"\n'


@pytest.mark.parametrize(
    ("rules", "expected", "dropped"),
    [
        ([drop("$.a")], b"b=2&&c", [("a", 0), ("a", 1)]),
        ([drop("$.a[1]")], b"a=1&b=2&&c", [("a", 1)]),
        ([drop("$['c']")], b"a=1&b=2&&a=%33", [("c", 0)]),
        ([drop("$")], b"", [("a", 0), ("b", 0), ("a", 1), ("c", 0)]),
        ([drop("$.a"), inspect("$.a[0]")], b"a=1&b=2&&c", [("a", 1)]),
        ([drop("$[?@[0] == '2']")], b"a=1&&a=%33&c", [("b", 0)]),
    ],
)
def test_dropped_form_fields_go_with_an_ampersand(rules, expected, dropped):
    document = decode(FormCodec(), b"a=1&b=2&&a=%33&c", *rules)
    assert document.drops == [("form", location) for location in dropped]
    assert document.encode({}) == (expected if dropped != [("a", 0), ("b", 0), ("a", 1), ("c", 0)] else b"")


def test_form_values_take_rules_and_names_stay_inspected():
    document = decode(FormCodec(), b"a=1&b=2&a=3", treat("$.a"), keep("$.b"))
    assert in_force(document) == [
        ("key a", "inspect"), ("text 1", "treat_as"), ("key b", "inspect"), ("text 2", "keep"),
        ("key a", "inspect"), ("text 3", "treat_as"),
    ]  # fmt: skip


def test_a_kept_form_value_keeps_no_field_behind_a_semicolon():
    """Some servers split pairs there, but not at a semicolon that is escaped or that no name follows."""
    document = decode(FormCodec(), b"a=1;b=2&a=3;4&a=5%3Bb=6&c=7;d[e]=8", keep("$.a"), treat("$.c"))
    assert [it for it in in_force(document) if it[0].startswith("text")] == [
        ("text 1;b=2", "inspect"), ("text 3;4", "keep"), ("text 5;b=6", "keep"),
        ("text 7;d[e]=8", "treat_as"),
    ]  # fmt: skip
    assert ("text 1;b=2", "keep") in in_force(decode(FormCodec(), b"a=1;b=2", keep("$")))


def test_plain_text_takes_rules_on_the_root():
    assert in_force(decode(TextCodec(), b"x", keep("$"))) == [("text x", "keep")]
    assert in_force(decode(TextCodec(), b"x", keep("$.a"))) == [("text x", "inspect")]
    dropped = decode(TextCodec(), b"x", drop("$"))
    assert (dropped.encode({}), list(dropped.segments), list(dropped.drops)) == (b"", [], [("$", ())])


PATCH = JsonCodec(patch=True)


@pytest.mark.parametrize(
    ("path", "selector", "holds"),
    [
        ("/secret", "$.secret", "sure"),
        ("secret", "$.secret", "sure"),
        ("#/sec%72et", "$.secret", "sure"),
        ("/ticket/secret", "$.ticket", "sure"),
        ("/ticket/secret", "$..secret", "sure"),
        ("/ticket/secret", "$.secret", ""),
        ("/secret/0", "$.secret", "sure"),
        ("/secret/", "$.secret", "sure"),
        ("/a~1b~01", "$['a/b~1']", "sure"),
        ("/tags/2", "$.tags[2]", "sure"),
        ("/tags/2", "$.tags[1]", ""),
        ("/tags/2", "$.tags[*]", "sure"),
        ("/tags/2", "$.tags[1:3]", "sure"),
        ("/tags/3", "$.tags[1:3]", ""),
        ("/tags/2", "$.tags[::2]", "sure"),
        ("/tags/4", "$.tags[1::3]", "sure"),
        ("/tags/3", "$.tags[1::3]", ""),
        ("/tags/2", "$.tags[-1]", "undecided"),
        ("/tags/2", "$.tags[-2:]", "undecided"),
        ("/tags/name", "$.tags[-1]", ""),
        ("/tags/-", "$.tags[-1]", "sure"),
        ("/tags/-", "$.tags[0]", "undecided"),
        ("/tags/-", "$.tags[:2]", "undecided"),
        ("/tags/-", "$.tags", "sure"),
        ("/tags/-", "$.tags[?@ == 'x']", "sure"),
        ("/tags/-", "$.tags[?@ == 'y']", ""),
        ("/tags/-", "$.tags[?@ == $.tags[0]]", "undecided"),
        ("/tags/0/note", "$.tags[?@.id == 1].note", "undecided"),
        ("/" + "9" * 5000, "$[1]", ""),
        ("/Secret", "$.secret", ""),
    ],
)
def test_a_rule_holds_for_what_a_patch_puts_at_its_place(path, selector, holds):
    """If the match is uncertain, a rule that keeps does not apply and the others do."""
    body = json.dumps([{"op": "add", "path": path, "value": "x"}]).encode()
    for rule in (treat(selector), keep(selector), drop(selector)):
        document = decode(PATCH, body, rule)
        if rule.action is FieldAction.DROP:
            assert document.encode({}) == (b"[]" if holds else body)
        else:
            values = {value for text, value in in_force(document) if text == "text x"}
            obeyed = holds == "sure" or (holds and rule.action is FieldAction.TREAT_AS)
            assert values == {rule.action.value if obeyed else "inspect"}


@pytest.mark.parametrize(
    ("body", "rules", "expected"),
    [
        # a dropped value takes its operation and the comma along
        ('[ {"op":"add","path":"/s","value":"x"} , {"op":"remove","path":"/s"} ]', [drop("$.s")],
         '[ {"op":"remove","path":"/s"} ]'),
        ('[{"op":"add","path":"/a","value":1},{"value":"x","path":"/s","op":"replace"}]', [drop("$.s")],
         '[{"op":"add","path":"/a","value":1}]'),
        # what is below the patched value is dropped alone
        ('[{"op":"add","path":"/t","value":{"s":"x","a":[1,{"s":2}]}}]', [drop("$.t..s")],
         '[{"op":"add","path":"/t","value":{"a":[1,{}]}}]'),
        ('[{"op":"add","path":"","value":{"s":"x","a":1}}]', [drop("$.s")],
         '[{"op":"add","path":"","value":{"a":1}}]'),
        # without the test, the other operations would apply unconditionally
        ('[{"op":"test","path":"/s","value":"x"},{"op":"remove","path":"/a"}]', [drop("$.s")],
         '[{"op":"test","path":"/s","value":null},{"op":"remove","path":"/a"}]'),
        # the last rule wins, also between one for the patch and one for the patched document
        ('[{"op":"add","path":"/s","value":"x"}]', [drop("$.s"), keep("$[*].value")],
         '[{"op":"add","path":"/s","value":"x"}]'),
        ('[{"op":"add","path":"/s","value":"x"}]', [keep("$[*].value"), drop("$.s")], "[]"),
        # each reading of duplicate members
        ('[{"op":"add","path":"/a","path":"/s","value":"x"}]', [drop("$.s")], "[]"),
        ('[{"op":"add","path":"/s","path":"/a","value":"x"}]', [drop("$.s")], "[]"),
        ('[{"op":"add","path":"/s","value":1,"value":"x"}]', [drop("$.s")], "[]"),
        # not an operation
        ('[1,{"path":"/s"},{"path":7,"value":"x"},["path","/s"]]', [drop("$.s")],
         '[1,{"path":"/s"},{"path":7,"value":"x"},["path","/s"]]'),
        ('{"path":"/s","value":"x"}', [drop("$.s")], '{"path":"/s","value":"x"}'),
        ('[{"s":1},{"s":2}]', [drop("$[1]")], '[{"s":1}]'),
    ],
)  # fmt: skip
def test_what_a_patch_loses(body, rules, expected):
    document = decode(PATCH, body.encode(), *rules)
    assert document.encode({}).decode() == expected
    assert bool(document.drops) is (body != expected)


@pytest.mark.parametrize("selector", ["$.s", "$..s", "$.t.a[0]", "$.t", "$[*].value", "$[0]"])
def test_a_patch_is_known_by_its_form_and_then_nothing_is_kept_by_its_paths(selector):
    patch = (
        b'[ {"op":"add","path":"/s","value":"x"} , {"value":{"a":["y"]},"op":"Replace","path":"/t"},'
        b'{"op":"test","path":"/s","value":"z"},{"op":"remove","path":"/u"}]'
    )
    declared = decode(PATCH, patch, drop(selector))
    assert decode(JsonCodec(), patch, drop(selector)).encode({}) == declared.encode({})
    assert decode(NdjsonCodec(), patch, drop(selector)).encode({}) == declared.encode({})
    of_paths = selector[1] == "."
    treated = in_force(decode(JsonCodec(), patch, treat(selector)))
    assert treated == in_force(decode(PATCH, patch, treat(selector)))
    kept = "keep" in {value for _, value in in_force(decode(JsonCodec(), patch, keep(selector)))}
    assert kept is not of_paths
    rules = FieldRules.compile([keep("$.s")])
    assert JsonCodec().measure(patch, limits=Limits(), rules=rules, charset=None) is None


@pytest.mark.parametrize(
    "body",
    [
        '[{"op":"eq","path":"/s","value":"x"}]',  # filters
        '[{"op":"add","path":"/s","value":"x"},{"s":1}]',
        '[{"op":"add","path":7,"value":"x"}]',
        '[{"op":"add","key":"/s","value":"x"}]',
        '{"op":"add","path":"/s","value":"x"}',
        '[[{"op":"add","path":"/s","value":"x"}]]',
        '{"patch":[{"op":"add","path":"/s","value":"x"}]}',
        '{"Operations":{"op":"add","path":"s","value":"x"}}',
        '{"operations":[{"op":"sum","path":"s","value":"x"},7,{"op":"add"}]}',
    ],
)
def test_what_only_looks_like_a_patch_is_none(body):
    for rule in (drop("$.s"), treat("$.s"), keep("$.s")):
        document = decode(JsonCodec(), body.encode(), rule)
        assert document.encode({}).decode() == body
        assert not document.rules


@pytest.mark.parametrize(
    ("path", "selectors"),
    [
        ("userName", ["$.userName", "$..userName"]),
        ("name.familyName", ["$.name.familyName", "$.name", "$..familyName"]),
        ('emails[type eq "work"].value', ["$.emails[*].value", "$.emails[0].value", "$.emails", "$..emails"]),
        ('emails[value co "a]\\"b."].value', ["$.emails[*].value"]),
        ('emails[type eq "work"]', ["$.emails[*]", "$.emails[?@.type == 'work']"]),
        ("emails.value", ["$.emails[*].value", "$.emails.value"]),
        ("emails", ["$.emails", "$.emails[*]"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", ["$.name.familyName"]),
        ("urn:example:2.0:User:ssn", ["$['urn:example:2.0:User'].ssn", "$..ssn"]),
        ("urn:example:2.0:User", ["$['urn:example:2.0:User']"]),
        ("USERNAME", ["$.userName", "$..userName"]),
        ('Emails[type eq "work"].Value', ["$.emails[*].value", "$.EMAILS"]),
        ("a.b.c.d", ["$.a.b.c.d"]),
        ("[", ["$['[']"]),
    ],
)  # fmt: skip
def test_a_rule_holds_for_what_a_scim_patch_sets(path, selectors):
    """The patch does not say which element it means or what the attribute holds: no path keeps anything."""
    name = json.dumps(path)
    operation = f' , {{"op":"Replace","path":{name},"value":"x"}}'
    schemas = '"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'
    body = f'{{{schemas},"Operations":[{{"op":"remove","path":"q"}}{operation}]}}'
    named = f'{{"operations":[{{"op":"add","value":{{"q":1,{name}:"x"}}}}]}}'
    for selector in selectors:
        assert decode(JsonCodec(), body.encode(), drop(selector)).encode({}).decode() == body.replace(
            operation, ""
        )
        assert ("text x", "treat_as") in in_force(decode(JsonCodec(), body.encode(), treat(selector)))
        assert ("text x", "inspect") in in_force(decode(JsonCodec(), body.encode(), keep(selector)))
        dropped = decode(JsonCodec(), named.encode(), drop(selector)).encode({}).decode()
        assert dropped == named.replace(f',{name}:"x"', "")
    for selector in ("$.other", "$.value", "$.emails[*].type", "$.familyName", "$.b"):
        assert decode(JsonCodec(), body.encode(), drop(selector)).encode({}).decode() == body


def test_a_merge_patch_is_json_as_any():
    body = b'{"ticket":{"s":"x","t":null}}'
    codec = CodecRegistry.default().for_media_type(MediaType.parse("application/merge-patch+json"))
    assert decode(codec, body, drop("$.ticket.s")).encode({}) == b'{"ticket":{"t":null}}'
    assert ("text x", "keep") in in_force(decode(codec, body, keep("$.ticket.s")))


def test_each_reading_of_equal_names_is_looked_at_for_operations():
    operation = '[{"op":"add","path":"s","value":"x"}]'
    for body in (
        f'{{"Operations":{operation},"Operations":1}}',
        f'{{"Operations":1,"Operations":{operation}}}',
    ):
        assert ("text x", "treat_as") in in_force(decode(JsonCodec(), body.encode(), treat("$.s")))
        assert '"x"' not in decode(JsonCodec(), body.encode(), drop("$.s")).encode({}).decode()


def test_a_treated_value_of_a_patch_may_be_a_literal():
    body = b'[{"op":"add","path":"/hiv","value":true},{"op":"add","path":"/b","value":{"id":7}}]'
    assert in_force(decode(PATCH, body, treat("$.hiv"), keep("$.b.id")))[5:] == [
        ("literal true", "treat_as"), ("key op", "inspect"), ("text add", "inspect"), ("key path", "inspect"),
        ("text /b", "inspect"), ("key value", "inspect"), ("key id", "inspect"), ("number 7", "keep"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "selector", "holds"),
    [
        ("secret", "$.secret", "sure"),
        ("secret[]", "$.secret", "sure"),
        ("secret[]", "$['secret[]']", "sure"),
        ("secret[]", "$.secret[*]", "sure"),
        ("secret[]", "$.secret[0]", "undecided"),
        ("secret[0]", "$.secret[0]", "sure"),
        ("ticket[secret]", "$.ticket.secret", "sure"),
        ("ticket[secret]", "$.ticket", "sure"),
        ("ticket[secret]", "$..secret", "sure"),
        ("ticket[secret]", "$['ticket[secret]']", "sure"),
        ("ticket[secret]more", "$.ticket.secret", "sure"),
        ("ticket[secret", "$.ticket.secret", ""),
        ("ticket[secret]", "$.secret", ""),
        ("items[][secret]", "$.items[*].secret", "sure"),
        ("items[3][secret]", "$.items[*].secret", "sure"),
        ("items[3][secret]", "$.items[?@.id == '1'].secret", "undecided"),
        ("ticket[Secret]", "$.ticket.secret", ""),
        # Spring and ASP.NET; for others a dot is an ordinary letter
        ("ticket.secret", "$.ticket.secret", "undecided"),
        ("ticket.secret", "$['ticket.secret']", "sure"),
        ("items[3].secret", "$.items[*].secret", "undecided"),
        ("items[].secret", "$.items[*].secret", "undecided"),
        ("ticket.items[3]", "$.ticket.items", "undecided"),
        ("ticket.secret", "$.secret", ""),
    ],
)
def test_a_rule_holds_for_what_php_and_rails_make_of_a_name(name, selector, holds):
    for written in (name, name.replace("[", "%5B").replace("]", "%5d")):
        body = f"a=1&{written}=x&b=2".encode()
        assert decode(FormCodec(), body, drop(selector)).encode({}) == (b"a=1&b=2" if holds else body)
        kept = in_force(decode(FormCodec(), body, keep(selector)))
        assert ("text x", "keep" if holds == "sure" else "inspect") in kept
        assert {it for text, it in kept if text != "text x"} == {"inspect"}


NAMES = st.sampled_from(["a", "b", "s"])
VALUES = st.recursive(st.sampled_from(["x", 1]), lambda more: st.dictionaries(NAMES, more), max_leaves=6)


@given(
    st.lists(NAMES, max_size=4),
    VALUES,
    st.sampled_from(
        ["$", "$.a", "$..a", "$.a..s", "$.*.b", "$['a','s'].b", "$..[?@ == 'x']", "$..*", "$.a.b..*"]
    ),
)
def test_what_holds_at_a_place_is_what_the_query_selects_there(steps, value, selector):
    query = compile_query(selector)
    whole = value
    for step in reversed(steps):
        whole = {step: whole}
    expected = {
        location[len(steps) :] if len(location) > len(steps) else () for location in locations(query, whole)
    }
    selected = list(PlacedRules([query]).matcher().select(tuple(steps), value))
    assert {it.location for it in selected if it.sure} <= expected <= {it.location for it in selected}
    assert "?" in selector or all(it.sure for it in selected)
