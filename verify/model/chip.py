"""What passive authentication of a chip dump came to (ICAO Doc 9303-10, -11 and -12)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from verify.model.mrz import MrzResult

__all__ = ["ChipDetails", "ChipOutcome", "ChipPortrait", "ChipReading", "DataGroup", "SignerFacts"]


class ChipOutcome(StrEnum):
    """One step's end. A dump has several; none of them says that the document is genuine."""

    DIGEST_OK = "HASH_OK"  # every file that was given and is named in EF.SOD has the signed digest
    DIGEST_BAD = "HASH_BAD"
    GROUP_MISSING = "DG_MISSING"  # named in EF.SOD or EF.COM, not given; DG3 and DG4 are never dumped and do not count
    GROUP_EXTRA = "DG_EXTRA"  # given, but not named in EF.SOD: nobody has signed it
    OBJECT_MISSING = "SOD_MISSING"
    OBJECT_DAMAGED = "SOD_DAMAGED"
    OBJECT_IRREGULAR = "SOD_IRREGULAR"  # departs from the standard where no signature covers it
    SIGNATURE_OK = "SIG_OK"
    SIGNATURE_BAD = "SIG_BAD"
    SIGNATURE_UNSUPPORTED = "SIG_UNSUPPORTED"
    SIGNER_MISSING = "DSC_MISSING"
    SIGNER_EXPIRED = "DSC_EXPIRED"  # on the inspection date
    SIGNER_NOT_YET = "DSC_NOT_YET"
    CHAIN_OK = "CHAIN_OK"
    CHAIN_UNKNOWN = "CHAIN_UNKNOWN"  # no CSCA to look at; says nothing against the document
    CHAIN_BAD = "CHAIN_BAD"  # the very CSCA that it names did not sign it
    REVOKED = "REVOKED"
    NOT_REVOKED = "NOT_REVOKED"
    REVOCATION_STALE = "CRL_STALE"
    REVOCATION_UNKNOWN = "NO_CRL"
    STATES_AGREE = "STATE_OK"
    STATES_DIFFER = "STATE_MISMATCH"
    CLONE_NOT_TESTED = "NOT_TESTED"
    CLONE_TEST_OK = "AA_OK"  # the saved answer was made with the chip's private key
    CLONE_TEST_BAD = "AA_BAD"


@dataclass(frozen=True, slots=True)
class DataGroup:
    """One data group of the chip.

    Attributes:
        number: 1 to 16.
        size: bytes of the file; None when it was not given.
        listed: named in EF.COM.
        signed: named in EF.SOD.
        sound: True or False for the digest; None when there is nothing to compare.
        truncated: the file is shorter than its own length field says.
        surplus: bytes after the end of the file that its length field gives.
    """

    number: int
    size: int | None
    listed: bool
    signed: bool
    sound: bool | None
    truncated: bool = False
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """The certificate that signed, as far as a person needs it.

    Attributes:
        subject, issuer: in words.
        serial: hexadecimal.
        state: its C, two letters; empty when it has none.
        not_before, not_after: days; None when unreadable.
        sha256: of the certificate.
    """

    subject: str
    issuer: str
    serial: str
    state: str
    not_before: dt.date | None
    not_after: dt.date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class ChipDetails:
    """What DG11 and DG12 add to the MRZ; empty or None where the chip says nothing.

    Attributes:
        full_name: in the national characters, "PRIMARY<<SECONDARY".
        birth_date: with its century.
        birth_date_text: as written, also when day or month are unknown.
        place_of_birth: as written.
        issuing_authority: as written.
        issue_date: of the document.
    """

    full_name: str = ""
    birth_date: dt.date | None = None
    birth_date_text: str = ""
    place_of_birth: str = ""
    issuing_authority: str = ""
    issue_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ChipPortrait:
    """The header of DG2 beside the image itself.

    Attributes:
        standard: "ISO/IEC 19794-5" or "ISO/IEC 39794-5"; empty when neither was recognised.
        kind: "JPEG" or "JPEG2000" by the image's own first bytes.
        declared_kind: by the header; empty when it says nothing.
        declared_size: width and height by the header; None when it says nothing.
        size: width and height of the image; None when it does not decode.
        irregularities: lengths and counts that do not add up.
    """

    standard: str
    kind: str
    declared_kind: str
    declared_size: tuple[int, int] | None
    size: tuple[int, int] | None
    irregularities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChipReading:
    """A chip dump that was read.

    Attributes:
        outcomes: one or more of each step.
        groups: by number.
        reason: why EF.SOD could not be used; empty otherwise.
        lds_version: by EF.COM, e.g. "1.7".
        listed: EF.COM was given and lists its groups.
        algorithm: of the signature, in words; `weak` says what about it is not used any more.
        signer: of EF.SOD; None when it is not there.
        csca: that issued the signer's certificate; None when unknown.
        trust_source: why that CSCA is trusted.
        mrz: of DG1.
        details: of DG11 and DG12.
        portrait: of DG2; None when DG2 was not given.
        protocols: chip and terminal protocols that DG14 and DG15 offer.
        irregularities: of EF.SOD and the files, in words.
        unrecognised: files in the dump that are no EF.
    """

    outcomes: tuple[ChipOutcome, ...]
    groups: tuple[DataGroup, ...] = ()
    reason: str = ""
    lds_version: str = ""
    listed: bool = False
    algorithm: str = ""
    weak: tuple[str, ...] = ()
    signer: SignerFacts | None = None
    csca: SignerFacts | None = None
    trust_source: str = ""
    mrz: MrzResult | None = None
    details: ChipDetails | None = None
    portrait: ChipPortrait | None = None
    protocols: tuple[str, ...] = ()
    irregularities: tuple[str, ...] = ()
    unrecognised: int = 0

    def ended(self, *outcomes: ChipOutcome) -> bool:
        """True when any of these is among the outcomes."""
        return any(one in self.outcomes for one in outcomes)

    def group(self, number: int) -> DataGroup | None:
        """The data group of that number, None when nothing is known of it."""
        return next((one for one in self.groups if one.number == number), None)
