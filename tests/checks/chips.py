"""From the data of a case file to a chip, a seal or a licence barcode as their readers give it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from verify.document.mrz import parse
from verify.model.chip import ChipDetails, ChipOutcome, ChipPortrait, ChipReading, DataGroup, SignerFacts
from verify.model.seal import CodeReading, LicenceReading, SealReading, SealState


def chip_of(data: dict[str, Any], day: dt.date) -> ChipReading:
    """Groups are [number, given, listed, signed, sound] with sound null where nothing is compared."""
    return ChipReading(
        outcomes=(
            *(ChipOutcome(one) for one in data.get("outcomes", ())),
            ChipOutcome(data.get("clone", "NOT_TESTED")),
        ),
        groups=tuple(
            DataGroup(
                number, 100 if given else None, listed, signed, sound, truncated=number in data.get("truncated", ())
            )
            for number, given, listed, signed, sound in data.get("groups", ())
        ),
        reason=data.get("reason", ""),
        listed=data.get("listed", True),
        algorithm="ECDSA, SHA-256",
        signer=_signer(data["signer"]) if "signer" in data else None,
        csca=_signer(data["csca"]) if "csca" in data else None,
        trust_source="master list of UT, 2026-01-01" if "csca" in data else "",
        mrz=parse(data["mrz"], reference_date=day, engine="EF.DG1") if "mrz" in data else None,
        details=_details(data["details"]) if "details" in data else None,
        portrait=_portrait(data["portrait"]) if "portrait" in data else None,
        irregularities=tuple(data.get("irregularities", ())),
    )


def codes_of(data: list[dict[str, Any]], day: dt.date) -> tuple[CodeReading, ...]:
    """Seals and licence barcodes; one without either is a code of another kind."""
    return tuple(
        CodeReading(
            "DataMatrix", 1, 100, "ef" * 32,
            _seal(one["seal"], day) if "seal" in one else None,
            _licence(one["licence"]) if "licence" in one else None,
        )
        for one in data
    )  # fmt: skip


def _signer(data: dict[str, Any]) -> SignerFacts:
    return SignerFacts(
        subject=data.get("subject", "C=UT, CN=Signer"),
        issuer="C=UT, CN=CSCA",
        serial="5b",
        state=data.get("state", "UT"),
        not_before=_day(data.get("not_before", "2001-01-01")),
        not_after=_day(data.get("not_after", "2025-01-01")),
        sha256="12" * 32,
    )


def _details(data: dict[str, Any]) -> ChipDetails:
    return ChipDetails(
        full_name=data.get("full_name", ""),
        birth_date=_day(data.get("birth_date")),
        issue_date=_day(data.get("issue_date")),
    )


def _portrait(data: dict[str, Any]) -> ChipPortrait:
    declared, size = data.get("declared"), data.get("size")
    return ChipPortrait(
        "ISO/IEC 19794-5", "JPEG2000", data.get("declared_kind", "JPEG2000"),
        (declared[0], declared[1]) if declared else None, (size[0], size[1]) if size else None,
        tuple(data.get("irregularities", ())),
    )  # fmt: skip


def _seal(data: dict[str, Any], day: dt.date) -> SealReading:
    return SealReading(
        SealState(data["state"]),
        reason=data.get("reason", ""),
        version=4,
        issuing_state="UTO",
        signer_reference="UTTS 5B",
        document_type=data.get("document_type", "visa"),
        fields=tuple((name, value) for name, value in data.get("fields", {}).items()),
        mrz=parse(data["mrz"], reference_date=day, engine="visible digital seal") if "mrz" in data else None,
    )


def _licence(data: dict[str, Any]) -> LicenceReading:
    return LicenceReading(
        9, "636000", data.get("primary_identifier", ""), data.get("secondary_identifier", ""),
        _day(data.get("birth_date")), _day(data.get("issue_date")), _day(data.get("expiry_date")),
        "", "T1", "USA", "VA",
    )  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
