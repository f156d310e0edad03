"""Two-dimensional codes on a document: visible digital seals, which are signed, and licence barcodes, which are not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from verify.model.chip import SignerFacts
from verify.model.mrz import MrzResult

__all__ = ["CodeReading", "LicenceReading", "SealReading", "SealState"]


class SealState(StrEnum):
    """What became of a seal's signature."""

    SIGNATURE_OK = "SIG_OK"
    SIGNATURE_BAD = "SIG_BAD"
    SIGNER_UNKNOWN = "SIGNER_UNKNOWN"  # no certificate to look at; says nothing against the document
    SIGNATURE_MISSING = "SIG_MISSING"
    MALFORMED = "MALFORMED"


@dataclass(frozen=True, slots=True)
class SealReading:
    """A visible digital seal (ICAO Doc 9303-13, BSI TR-03137).

    Attributes:
        state: of its signature.
        reason: why it is malformed; empty otherwise.
        version: of the header, 3 or 4; 0 when malformed.
        issuing_state: by the header, one to three letters.
        signer_reference: signer identifier and certificate reference, e.g. "DETS 32".
        issued, signed: days of the document and of the signature; None when they are no days.
        document_type: in words; empty when the type is none of ours.
        fields: (name, value) as far as the type is known; face images and binary values only by their length.
        mrz: the zone in the seal, as far as it goes; None when it holds none.
        signer: the certificate; None when unknown.
        trust_source: why that certificate is trusted.
    """

    state: SealState
    reason: str = ""
    version: int = 0
    issuing_state: str = ""
    signer_reference: str = ""
    issued: dt.date | None = None
    signed: dt.date | None = None
    document_type: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    mrz: MrzResult | None = None
    signer: SignerFacts | None = None
    trust_source: str = ""

    def value(self, name: str) -> str:
        """The value of a field; empty when the seal has none of that name."""
        return next((value for one, value in self.fields if one == name), "")


@dataclass(frozen=True, slots=True)
class LicenceReading:
    """The barcode of a North American driving licence or identity card (AAMVA DL/ID Card Design Standard).

    Nobody signs it: it can be compared, and proves nothing.

    Attributes:
        version: of the standard; 0 when the header cannot be read.
        issuer: identification number of the issuer, six digits.
        primary_identifier, secondary_identifier: names.
        birth_date, issue_date, expiry_date: None when absent or no day.
        sex: "M", "F", "X" or empty.
        document_number: of the licence.
        issuing_state: "USA", "CAN" or empty.
        region: the state or province, e.g. "VA".
        irregularities: what is not as the standard says.
    """

    version: int
    issuer: str
    primary_identifier: str
    secondary_identifier: str
    birth_date: dt.date | None
    issue_date: dt.date | None
    expiry_date: dt.date | None
    sex: str
    document_number: str
    issuing_state: str
    region: str
    irregularities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeReading:
    """One code on one page: a seal, a licence barcode, or neither, of which only size and digest are kept.

    Attributes:
        symbology: e.g. "PDF417" or "DataMatrix".
        page: 1 is the first.
        size: bytes of its content.
        sha256: of its content.
        seal, licence: what it holds; both None when it is something else.
    """

    symbology: str
    page: int
    size: int
    sha256: str
    seal: SealReading | None = None
    licence: LicenceReading | None = None
