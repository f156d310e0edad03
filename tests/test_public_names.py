"""Public names: each room says what it offers, in order, and each public thing says what it is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import verify

NAMES = ["verify", *(found.name for found in pkgutil.walk_packages(verify.__path__, "verify."))]
PACKAGES = [name for name in NAMES if hasattr(importlib.import_module(name), "__path__")]
BY_FULL_NAME = {"verify.model", "verify.vault"}
"""Rooms without names of their own: their modules are imported by full name."""


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


def public_things() -> list[tuple[str, object]]:
    """Public names that the modules define, as "module.name"; a check's `run` is public too."""
    found: list[tuple[str, object]] = []
    for name in NAMES:
        of = module(name)
        for public, thing in vars(of).items():
            if public.startswith("_") or getattr(thing, "__module__", None) != name:
                continue
            if inspect.isclass(thing) or inspect.isfunction(thing):
                found.append((f"{name}.{public}", thing))
    return found


def in_order(names: list[str]) -> list[str]:
    """Constants first, then classes, then the rest: the order that ruff keeps (RUF022)."""
    return sorted(names, key=lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_room_offers_exactly_what_it_imports_for_others(name: str) -> None:
    of = module(name)
    declared = list(getattr(of, "__all__", ()))
    if name in BY_FULL_NAME:
        assert not declared
    else:
        assert declared, f"{name} has no __all__"
    offered = {
        public
        for public, thing in vars(of).items()
        if not public.startswith("_")
        and not isinstance(thing, ModuleType)
        and str(getattr(thing, "__module__", "verify")).startswith("verify")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
    }
    offered -= _for_itself(of)
    constants = {
        one for one in declared if not inspect.isclass(getattr(of, one)) and not inspect.isfunction(getattr(of, one))
    }
    assert set(declared) == offered | constants


def _for_itself(of: ModuleType) -> set[str]:
    """What a room's `__init__` with code of its own imports to work with, from another room."""
    return {
        public
        for public, thing in vars(of).items()
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and not str(thing.__module__).startswith(of.__name__)
    }


@pytest.mark.parametrize("name", [name for name in NAMES if hasattr(importlib.import_module(name), "__all__")])
def test_names_in_all_exist_are_public_and_in_order(name: str) -> None:
    of = module(name)
    declared = list(of.__all__)
    assert all(hasattr(of, one) for one in declared)
    assert not [one for one in declared if one.startswith("_") and not one.startswith("__")]
    assert len(set(declared)) == len(declared)
    assert declared == in_order(declared)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_star_import_gives_what_is_declared(name: str) -> None:
    scope: dict[str, object] = {}
    exec(f"from {name} import *", scope)
    scope.pop("__builtins__")
    declared = set(getattr(module(name), "__all__", ()))
    assert declared <= set(scope)
    if declared:
        assert set(scope) == declared


@pytest.mark.parametrize("name", NAMES)
def test_each_module_says_what_it_is_for(name: str) -> None:
    assert (module(name).__doc__ or "").strip()


def test_each_public_thing_has_a_docstring() -> None:
    things = public_things()
    assert len(things) > 150
    bare = [name for name, thing in things if not (thing.__doc__ or "").strip()]
    for name, thing in things:
        if inspect.isclass(thing):
            for member, function in vars(thing).items():
                raw = getattr(function, "__func__", getattr(function, "fget", function))
                if not member.startswith("_") and inspect.isfunction(raw) and not raw.__doc__:
                    bare.append(f"{name}.{member}")
    assert bare == []


def test_docstrings_of_records_are_written_by_hand() -> None:
    """A dataclass without one is given its signature as its docstring."""
    made = [name for name, thing in public_things() if str(thing.__doc__).startswith(f"{name.rpartition('.')[2]}(")]
    assert made == []
