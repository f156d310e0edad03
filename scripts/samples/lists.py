"""The watch list, the nominals and the missing persons to enrol, as data. All entries are invented."""

from __future__ import annotations

__all__ = ["COLUMNS", "MISSING", "NOMINALS", "WATCHLIST"]

COLUMNS = [
    "schema_version", "reference_id", "entry_kind", "source", "source_record", "owner", "legal_basis",
    "purpose", "collected", "review_by", "expires", "primary_identifier", "secondary_identifier", "aliases",
    "birth_date", "sex", "nationalities", "document_type", "document_number", "issuing_state",
    "document_status", "image",
]  # fmt: skip

_KEPT = {
    "schema_version": "1",
    "owner": "Utopia National Bureau",
    "collected": "2026-02-01",
    "review_by": "2027-02-01",
}
_NOMINAL = _KEPT | {
    "entry_kind": "nominal", "source": "UTO-WANTED", "expires": "2031-02-01",
    "legal_basis": "Utopia Border Act, section 12 (invented)", "purpose": "border check",
}  # fmt: skip
_MISSING = _KEPT | {
    "entry_kind": "missing_person", "source": "UTO-MISSING", "expires": "2036-02-01",
    "legal_basis": "Utopia Missing Persons Act, section 3 (invented)", "purpose": "search for the missing",
}  # fmt: skip
_DOCUMENT = _KEPT | {
    "entry_kind": "document", "source": "UTO-SLTD", "expires": "2031-02-01",
    "legal_basis": "Utopia Passport Act, section 7 (invented)", "purpose": "lost and stolen documents",
}  # fmt: skip

Row = dict[str, str]


def _person(
    base: Row, reference: str, primary: str, secondary: str, birth: str, sex: str, nat: str, **more: str
) -> Row:
    names = {
        "primary_identifier": primary,
        "secondary_identifier": secondary,
        "birth_date": birth,
        "sex": sex,
    }
    record = {"reference_id": reference, "source_record": f"{base['source']}-2026-{reference[2:]}"}
    return base | record | names | {"nationalities": nat} | more


def _document(reference: str, kind: str, number: str, status: str, issuing: str = "UTO") -> Row:
    record = {
        "reference_id": reference,
        "source_record": f"UTO-SLTD-2026-{reference[2:]}",
        "document_type": kind,
    }
    return _DOCUMENT | record | {"document_number": number, "issuing_state": issuing, "document_status": status}


WATCHLIST = [
    # W-001 is a traveller under another spelling (printed MÜLLER-KÖHN, in the MRZ MUELLER<KOEHN).
    _person(_NOMINAL, "W-001", "MULLER KOEHN", "ANNELI", "1992-08-12", "F", "UTO", aliases="KOEHN<<ANNELI"),
    _person(_NOMINAL, "W-002", "BERESFORD", "ALASTAIR", "1969-05-02", "M", "UTO"),
    _person(_NOMINAL, "W-003", "TSUKAHARA", "MICHIKO", "1971", "F", "XXA",
            aliases="Michi Tsuka;TSUKA<<MICHIKO"),
    _person(_NOMINAL, "W-004", "GARZA-ELIZONDO", "EVARISTO", "1966-03", "M", "UTO;XXB"),
    _person(_NOMINAL, "W-005", "KOWALCZEWSKI", "ZDZISŁAW", "1958-12-24", "M", "UTO",
            aliases="KOVALCHEVSKY<<ZDISLAV"),
    _person(_NOMINAL, "W-006", "EL-ZAYADI", "NOUREDDINE", "1973-10-10", "M", "XXB", aliases="Nur Zayadi"),
    _person(_NOMINAL, "W-007", "VANTERPOOL", "", "1968-07-15", "M", "UTO"),
    # W-008 equals a clean traveller, but expired before the inspection: it must not give a candidate.
    _person(_NOMINAL, "W-008", "HALLGRIMSDOTTIR", "THORDIS", "1996-02-11", "F", "UTO", collected="2020-05-01",
            review_by="2025-05-01", expires="2026-05-01"),
    _document("W-009", "P", "UO7751364", "stolen"),
    _document("W-010", "P", "UA1178206", "lost"),
    _document("W-011", "ID", "IK6650193", "lost"),
    _document("W-012", "P", "UX0093715", "revoked"),
    _document("W-013", "ID", "JL8126604", "invalid"),
    _document("W-014", "P", "UB9900101", "stolen_blank"),
]  # fmt: skip

NOMINALS = [
    # N-001 crosses as LINDQVIST; N-002 looks like a traveller who is somebody else.
    _person(_NOMINAL, "N-001", "HARGREAVE", "TOBIAS", "1985-02-03", "M", "UTO", image="faces/id020_old.jpg"),
    _person(_NOMINAL, "N-002", "MERCADANTE", "ALDO", "1972-06-17", "M", "UTO", image="faces/id026_old.jpg"),
    _person(_NOMINAL, "N-003", "ABIOLA", "RONKE", "1975-01-22", "F", "XXA", image="faces/id029_old.jpg"),
    _person(_NOMINAL, "N-004", "STRANDBERG", "MIKA", "1980-09-05", "F", "UTO", image="faces/id017_old.jpg"),
    _person(_NOMINAL, "N-005", "CHUKWUMA", "OBINNA", "1984-11-30", "M", "UTO", image="faces/id034_doc.jpg"),
]

MISSING = [
    # M-001 crosses, about 13 years older, as DIARRASSOUBA.
    _person(_MISSING, "M-001", "CAMARA", "SEKOU", "1990-04-21", "M", "UTO", image="faces/id010_doc.jpg"),
    _person(_MISSING, "M-002", "FAIRWEATHER", "ROWAN", "1992-07-13", "M", "UTO", image="faces/id016_cap.jpg"),
    _person(_MISSING, "M-003", "OKONJO", "ADAEZE", "1993-12-02", "F", "XXB", image="faces/id023_doc.jpg"),
    _person(_MISSING, "M-004", "TAMARIND", "ODALYS", "1990-03", "F", "UTO", image="faces/id037_doc.jpg"),
]
