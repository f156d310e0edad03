"""The error tree: one exit code each, and the drawing in the docstring is the tree."""

from __future__ import annotations

import re

import pytest

from verify import errors
from verify.errors import ExitCode, VerifyError


def tree(kind: type[VerifyError]) -> list[type[VerifyError]]:
    return [
        kind,
        *(below for child in kind.__subclasses__() if child.__module__ == errors.__name__ for below in tree(child)),
    ]


def test_the_drawing_is_the_tree() -> None:
    drawn = dict(re.findall(r"(\w+Error) +(\d+) ", errors.__doc__ or ""))
    assert drawn == {kind.__name__: str(int(kind.exit_code)) for kind in tree(VerifyError)}


def test_every_error_is_public() -> None:
    assert {kind.__name__ for kind in tree(VerifyError)} | {"ExitCode"} == set(errors.__all__)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("OK", 0), ("INTERNAL", 1), ("USAGE", 2), ("NO_INPUTS", 3), ("SOME_UNREADABLE", 4), ("POLICY", 5),
        ("FINDING_INFO", 11), ("FINDING_REVIEW", 12), ("FINDING_STRONG", 13), ("FINDING_CRITICAL", 14),
        ("LOCKED", 75), ("INTERRUPTED", 130),
    ],
)  # fmt: skip
def test_exit_codes_are_those_that_were_promised(name: str, code: int) -> None:
    assert ExitCode[name] == code
    assert len(ExitCode) == 12


def test_a_message_is_kept_as_it_is() -> None:
    for kind in tree(VerifyError):
        assert str(kind("what to do")) == "what to do"
