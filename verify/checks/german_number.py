"""The number of a German document holds a letter that German numbers do without.

They use no vowels and no letters that are easily taken for others: of the alphabet only C, F, G, H, J, K, L, M, N, P,
R, T, V, W, X, Y and Z.

Innocent reasons: an old series; a provisional or official document; a misread character.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, how_sure, missing
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R37",
    name="Number holds letters that German numbers lack",
    severity=Severity.INFO,
    source="numbering of German passports and identity cards since 2007, as published lists of number forms give it",
    innocent_reasons=(
        "an old series, or a provisional or official document",
        "a character was misread",
    ),
)
_LETTERS = frozenset("CFGHJKLMNPRTVWXYZ0123456789")


def run(case: Case) -> CheckResult:
    """Looks at the number of every German passport and identity card."""

    def look(one: ReadMrz) -> Answer:
        if one.mrz.value("issuing_state") not in ("D", "DEU") or one.mrz.format not in ("TD1", "TD2", "TD3"):
            return NotApplicable("no German passport or identity card")
        if without := missing(one.mrz, "document_number"):
            return without
        number = one.mrz.value("document_number")
        others = sorted(set(number) - _LETTERS)
        if not others:
            return None
        _severity, confidence = how_sure(META, one.mrz, "document_number")
        return META.finding(
            f"The number of the German document on the {one.source} reads {number}; "
            f"{', '.join(others)} are not used in them.",
            confidence=confidence,
            evidence=(Evidence("document number", number),),
            marks=(mark_field(one.source, one.mrz.field("document_number")),),
        )

    return each_mrz(META, case, look)
