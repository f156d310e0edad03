"""The field's words: what public identifiers, commands and texts must not say (the words table of the architecture).

Three places are looked at. *identifiers*: names in `__all__`, fields of public classes, parameters of public functions
and methods. *commands*: commands, options and arguments of the command line. *texts*: what a person reads, which is
help, messages, report templates and sentences, and all that a check says. Private names and comments are left alone.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

import verify
from verify.checks import discover
from verify.cli import _verify

ROOT = Path(verify.__file__).parent
IDENTIFIER, COMMAND, TEXT = "identifier", "command", "text"
NAMES, ALL = {IDENTIFIER, COMMAND}, {IDENTIFIER, COMMAND, TEXT}


@dataclass(frozen=True)
class Said:
    """Something that was said, and where."""

    place: str
    origin: str
    text: str

    @property
    def words(self) -> str:
        """An identifier as words, a text as it is."""
        if self.place == TEXT:
            return " ".join(self.text.split())
        return re.sub(r"[_\-.]+|(?<=[a-z0-9])(?=[A-Z])", " ", self.text)


@dataclass(frozen=True)
class Rule:
    """A word that is not used, what is said instead, and where it means something else.

    Attributes:
        pattern: of the word.
        instead: what is said.
        places: where it is looked for.
        allowed: phrases in which it means something else, with the reason.
        elsewhere: modules in which it means something else, with the reason.
    """

    pattern: str
    instead: str
    places: set[str] = dataclasses.field(default_factory=lambda: ALL)
    allowed: dict[str, str] = dataclasses.field(default_factory=dict)
    elsewhere: dict[str, str] = dataclasses.field(default_factory=dict)

    def found_in(self, said: Said) -> bool:
        """True when the word stands there outside an allowed phrase."""
        if said.place not in self.places or any(re.match(module, said.origin) for module in self.elsewhere):
            return False
        words = said.words
        for phrase in self.allowed:
            words = re.sub(phrase, " ", words, flags=re.IGNORECASE)
        return re.search(self.pattern, words, flags=re.IGNORECASE) is not None


RULES = (
    Rule(r"\bfraud\w*", "finding"),
    Rule(r"\b(fake|forged|forger(y|ies))\b", "finding"),
    Rule(r"\bhits?\b", "candidate"),
    Rule(r"\bsuspect(s|ed)?\b|\bsuspicious\b", "nominal; finding"),
    Rule(r"\b(mis|non[- ]?)?match(es|ed|ing|er)?\b", "compare, identify; candidate; mated",
         allowed={"false (non-)?match rate": "FMR and FNMR, ISO/IEC 19795-1"}),
    Rule(r"\bverified\b", "finding, judgement"),
    Rule(r"\bconfidence\b", "score", NAMES,
         allowed={
             r"^(Finding |Meta finding )?confidence$|^Confidence (LOW|MEDIUM|HIGH)$":
                 "how well the evidence of a finding was read",
             r"^Detection confidence$": "the detector's own measure, no comparison score",
         }),
    Rule(r"\b(similarity|comparison|match|face) confidence\b|\bconfidence of the (match|comparison|score)\b", "score",
         {TEXT}),
    Rule(r"\btolerances?\b", "threshold"),
    Rule(r"\bdistances?\b", "comparison score",
         allowed={r"inter[- ]eye distance": "ISO/IEC 29794-5, in pixels"}),
    Rule(r"\bgenuine\b", "mated",
         allowed={
             r"(never|not|nothing|no) [^.;|]*\bgenuine\b": "what a pass never says",
             r"whether it is genuine": "what a check does not say",
         }),
    Rule(r"\bimpost[eo]rs?\b", "non-mated"),
    Rule(r"\b(un)?known[ _-](faces?|person|people|images?|encodings?)\b|\bquery (face|image)s?\b", "reference, probe"),
    Rule(r"\bdatabases?\b", "gallery",
         elsewhere={"verify[.](ledger|vault)": "the file of the ledger, no set of references"}),
    Rule(r"\baccura(cy|te)\b", "error rates: FMR, FNMR, FPIR, FNIR"),
    Rule(r"\b(surname|family name|first name|given name|forename|country|countries)s?\b",
         "primary_identifier, secondary_identifier, issuing_state", NAMES),
    Rule(r"\bhash\b", "check_digit", NAMES, elsewhere={"verify[.](audit|ledger|vault)": "digests of the audit log"}),
    Rule(r"\bface encodings?\b|\bembeddings?\b|\bfaceprints?\b", "template"),
    Rule(r"\balerts?\b|\btarget person\b", "notice, nominal"),
    Rule(r"\bvictim rows?\b", "AM record, PM record"),
    Rule(r"\b(register|find) (a |the )?faces?\b", "enrol, identify"),
    Rule(r"(\d|\{\}|\}\})\s?%|\bper ?cent\b", "a score of its kind, never a percentage", {TEXT}),
)  # fmt: skip


def modules() -> Iterator[str]:
    """Every public module of the package."""
    for found in pkgutil.walk_packages([str(ROOT)], "verify."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield found.name


def identifiers() -> Iterator[Said]:
    """Public names, fields and parameters."""
    for name in modules():
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            thing = getattr(module, public)
            yield Said(IDENTIFIER, name, public)
            if getattr(thing, "__module__", None) == name:
                yield from _parts(name, public, thing)


def _parts(module: str, name: str, thing: object) -> Iterator[Said]:
    if inspect.isclass(thing):
        for field in (*getattr(thing, "__annotations__", {}), *getattr(thing, "__members__", {})):
            yield Said(IDENTIFIER, module, f"{name}.{field}")
        for method, function in vars(thing).items():
            if not method.startswith("_") or method == "__init__":
                yield Said(IDENTIFIER, module, f"{name}.{method}")
                raw = getattr(function, "__func__", getattr(function, "fget", function))
                if inspect.isfunction(raw) and (method != "__init__" or not dataclasses.is_dataclass(thing)):
                    yield from _parameters(module, f"{name}.{method}", raw)
    elif inspect.isfunction(thing):
        yield from _parameters(module, name, thing)


def _parameters(module: str, name: str, function: object) -> Iterator[Said]:
    assert callable(function)
    for parameter in inspect.signature(function).parameters:
        if parameter not in {"self", "cls"}:
            yield Said(IDENTIFIER, module, f"{name}.{parameter}")


def commands(command: click.Command = _verify, path: str = "verify") -> Iterator[Said]:
    """Commands, options and arguments, and their help."""
    yield Said(COMMAND, path, path.rpartition(" ")[2])
    yield Said(TEXT, path, command.help or "")
    for parameter in command.params:
        for option in (*parameter.opts, *parameter.secondary_opts, parameter.name or "", parameter.human_readable_name):
            yield Said(COMMAND, path, option.lstrip("-"))
        yield Said(TEXT, f"{path} {parameter.name}", getattr(parameter, "help", None) or "")
        for choice in getattr(parameter.type, "choices", ()):
            yield Said(COMMAND, f"{path} {parameter.name}", str(choice))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner
            yield from commands(inner, f"{path} {name}")


def texts() -> Iterator[Said]:
    """What a person reads: messages of commands and checks, reports, and what the checks say of themselves."""
    for room in ("checks", "cli", "report", "linkage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for text in _strings(path.read_text(encoding="utf-8")):
                yield Said(TEXT, str(path.relative_to(ROOT)), text)
    for path in sorted((ROOT / "report" / "templates").glob("*.j2")):
        yield Said(TEXT, path.name, _visible(path.read_text(encoding="utf-8")))
    for check in discover():
        for text in (check.meta.name, check.meta.source, *check.meta.innocent_reasons, check.doc):
            yield Said(TEXT, check.meta.code, text)
    for path in (ROOT / "errors.py", ROOT / "settings.py"):
        for text in _strings(path.read_text(encoding="utf-8")):
            yield Said(TEXT, path.name, text)


def _strings(source: str) -> Iterator[str]:
    """String literals but docstrings and `__all__`; an expression in an f-string becomes {}."""
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets
        ):
            skipped.update(id(one) for one in ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            skipped.update(
                id(one)
                for part in node.values
                for one in ast.walk(part)
                if isinstance(one, ast.Constant) and one is part
            )
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def _visible(template: str) -> str:
    """The words of a template, without its statements, tags and styles; an expression becomes {}."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|<style.*?</style>", " ", template, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", re.sub(r"\{\{.*?\}\}", "{}", text, flags=re.DOTALL))


def faults(said: Said) -> list[str]:
    return [
        f"{said.origin}: {said.text!r} says /{rule.pattern}/; say {rule.instead}"
        for rule in RULES
        if rule.found_in(said)
    ]


@pytest.mark.parametrize("collect", [identifiers, commands, texts])
def test_only_the_fields_words_are_used(collect) -> None:  # type: ignore[no-untyped-def]
    found = list(collect())
    assert len(found) > 100, "hardly anything was looked at"
    wrong = dict.fromkeys(fault for said in found for fault in faults(said))
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (IDENTIFIER, "is_match"), (IDENTIFIER, "MatchResult"), (IDENTIFIER, "matches"), (IDENTIFIER, "face_distance"),
        (IDENTIFIER, "compare.tolerance"), (IDENTIFIER, "known_faces"), (IDENTIFIER, "known_face_encodings"),
        (IDENTIFIER, "FraudScore"), (IDENTIFIER, "HitList"), (IDENTIFIER, "suspect_id"), (IDENTIFIER, "verified"),
        (IDENTIFIER, "Candidate.confidence"), (IDENTIFIER, "genuine_scores"), (IDENTIFIER, "impostor_pairs"),
        (IDENTIFIER, "face_database"), (IDENTIFIER, "Engine.accuracy"), (IDENTIFIER, "surname"),
        (IDENTIFIER, "issuing_country"),
        (COMMAND, "match"), (COMMAND, "--tolerance"), (COMMAND, "known-faces"), (COMMAND, "min-confidence"),
        (TEXT, "1 hit in the list"), (TEXT, "This document is a fake."), (TEXT, "match: true"),
        (TEXT, "The faces match."),
        (TEXT, "The document is genuine."), (TEXT, "verified: True"), (TEXT, "Similarity 87 %"), (TEXT, "{}% alike"),
        (TEXT, "an unknown face"), (TEXT, "search the database"), (TEXT, "accuracy of the engine"),
        (TEXT, "a suspected forgery"), (TEXT, "no fraud was seen"), (TEXT, "distance 0.4"),
        (TEXT, "It passes. The document is genuine."),
    ],
)  # fmt: skip
def test_a_planted_word_is_caught(place: str, text: str) -> None:
    assert faults(Said(place, "planted", text))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (IDENTIFIER, "Confidence"), (IDENTIFIER, "Finding.confidence"), (IDENTIFIER, "FaceQuality.inter_eye_distance"),
        (IDENTIFIER, "verify_chain"), (IDENTIFIER, "CheckDigit.verifies"), (COMMAND, "compare"), (COMMAND, "identify"),
        (TEXT, "never that the document is genuine"), (TEXT, "A check that passes never proves a document genuine."),
        (TEXT, "the false match rate on that set"), (TEXT, "Confidence high"), (TEXT, "white pages"),
        (TEXT, "An unknown day or month"), (TEXT, "An arbitrary word about architecture"),
    ],
)  # fmt: skip
def test_the_fields_own_words_pass(place: str, text: str) -> None:
    assert faults(Said(place, "planted", text)) == []


def test_what_is_looked_at_holds_what_it_should() -> None:
    names = {(one.origin, one.text) for one in identifiers()}
    assert ("verify.model.score", "Threshold.data_set") in names, "fields"
    assert ("verify.face.score", "compare.probe") in names, "parameters"
    assert ("verify.model.finding", "Severity.STRONG") in names, "members"
    called = {(one.place, one.text) for one in commands()}
    assert {(COMMAND, "identify"), (COMMAND, "watchlist"), (COMMAND, "gallery")} <= called
    read = " ".join(" ".join(one.text.split()) for one in texts())
    for sentence in (
        "A check that passes never proves a document genuine",  # a command
        "It may be nothing:",  # a template
        "the machine suggests, a named person decides",  # a report's sentence
        "Other check digits over the same characters verify",  # a finding
        "Someone who stands very close may be a helper",  # a check's docstring
    ):
        assert sentence in read


def test_strings_are_told_apart_from_docstrings() -> None:
    source = '"""doc"""\n__all__ = ["a"]\ndef f(x):\n    """more"""\n    g("told", f"{x:.2f} % of {x}")\n'
    assert sorted(_strings(source)) == [".2f", "told", "{} % of {}"]
    assert _visible('<p class="x">{% if a %}said{% endif %} {{ b }} %</p>{# no #}').split() == ["said", "{}", "%"]
