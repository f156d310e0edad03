"""The piece that compares a printed MRZ with the same zone from a chip or a seal."""

from __future__ import annotations

from dataclasses import dataclass

from verify.document.names import fold
from verify.gallery import name_similarity
from verify.model.mrz import FieldState, MrzField, MrzResult

__all__ = ["Difference", "differences"]

_NAMES = ("primary_identifier", "secondary_identifier")
_OTHERS = ("issuing_state", "document_number", "nationality", "birth_date", "sex", "expiry_date", "optional_data")
_COVERED = {"document_number", "birth_date", "expiry_date"}
_ALIKE = 0.8  # docs/decisions/006-names.md


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs.

    Attributes:
        field: of the printed zone.
        printed, other: as they read.
        supported: a check digit over the printed characters verifies, so they were read as they stand.
        clear: it cannot be a slip of reading: supported, or a name that is another one under a supported zone.
    """

    field: MrzField
    printed: str
    other: str
    supported: bool
    clear: bool


def differences(printed: MrzResult, other: MrzResult, *, but: tuple[str, ...] = ()) -> list[Difference]:
    """The fields that both zones have and that differ; what the printed one does not let read is none."""
    found = []
    for name in _OTHERS:
        if name in but or not _has(printed, name) or not _has(other, name):
            continue
        field = printed.field(name)
        read, wanted = field.value, other.value(name)
        if field.state is FieldState.UNREADABLE or read == wanted:
            continue
        digit = printed.check_digit(f"{name}_check_digit")
        supported = name in _COVERED and bool(digit and digit.verifies) and field.state is FieldState.READ
        found.append(Difference(field, read, wanted, supported, supported))
    return [*_names(printed, other), *found]


def _names(printed: MrzResult, other: MrzResult) -> list[Difference]:
    fields = [printed.field(name) for name in _NAMES]
    read, wanted = (" ".join(zone.value(name) for name in _NAMES).strip() for zone in (printed, other))
    if any(field.state is FieldState.UNREADABLE for field in fields) or read == wanted or not read or not wanted:
        return []
    another = name_similarity(fold(read), fold(wanted)) < _ALIKE
    return [Difference(fields[0], read, wanted, False, another and printed.supported)]


def _has(zone: MrzResult, name: str) -> bool:
    return any(field.name == name for field in zone.fields)
