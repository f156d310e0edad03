"""Passive authentication of a dump: digests, the signature of EF.SOD, its chain, its signer (ICAO Doc 9303-11, 5.1).

What cannot be told is an outcome of its own: a chain without a CSCA is unknown, which says nothing against the
document, and a copy of a chip passes all of this, so that the clone test is always named.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from asn1crypto import algos, core
from numpy.typing import NDArray

from verify.document.alpha2 import same_state
from verify.document.chip import lds
from verify.document.chip.clone import answer_verifies
from verify.document.chip.dump import ChipDump
from verify.document.chip.portrait import read_portrait
from verify.document.mrz import parse
from verify.document.tlv import MalformedError, is_der, tlv_at
from verify.document.trust import Certificate, SignatureState, SignedContent, TrustStore, read_signed
from verify.document.trust.certificate import parsed
from verify.document.trust.keys import DIGESTS, digest_of
from verify.model.chip import ChipDetails, ChipOutcome, ChipPortrait, ChipReading, DataGroup, SignerFacts
from verify.model.mrz import MrzResult
from verify.settings import Limits

__all__ = ["read_chip"]

_T = TypeVar("_T")
_SECURITY_OBJECTS = {"2.23.136.1.1.1", "1.3.27.1.1.1"}  # the second stands in Belgian and French chips of early years
_NEVER_DUMPED = {3, 4}  # fingerprints and irises: read only under Extended Access Control
_ENGINE = "EF.DG1"
_WEAK_BITS = 2048
_SIGNATURES = {
    SignatureState.OK: ChipOutcome.SIGNATURE_OK,
    SignatureState.BAD: ChipOutcome.SIGNATURE_BAD,
    SignatureState.UNSUPPORTED: ChipOutcome.SIGNATURE_UNSUPPORTED,
}


class _GroupDigest(core.Sequence):  # type: ignore[misc]
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012 - asn1crypto's way


class _GroupDigests(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupDigest


class _SecurityObject(core.Sequence):  # type: ignore[misc]
    """LDSSecurityObject (Doc 9303-10, 4.6.2.2)."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("version", core.Integer),
        ("algorithm", algos.DigestAlgorithm),
        ("digests", _GroupDigests),
        ("lds", core.Any, {"optional": True}),
    ]


@dataclass(slots=True)
class _Work:
    """What has been found so far."""

    outcomes: list[ChipOutcome] = field(default_factory=list)
    irregularities: list[str] = field(default_factory=list)
    reason: str = ""
    signed: SignedContent | None = None
    digests: dict[int, bytes] = field(default_factory=dict)
    digest: str = ""
    weak: list[str] = field(default_factory=list)
    csca: SignerFacts | None = None
    trust_source: str = ""


def read_chip(
    dump: ChipDump, trust: TrustStore, limits: Limits, *, reference_date: dt.date
) -> tuple[ChipReading, NDArray[np.uint8] | None]:
    """Reads a dump and authenticates it as far as a dump allows.

    Args:
        dump: the files.
        trust: whom this site trusts.
        limits: for decoding the portrait.
        reference_date: the day of inspection.

    Returns:
        The reading, and the portrait of DG2 (H x W x 3, RGB); None when there is none that decodes.
    """
    work = _Work()
    _open_object(work, dump, trust)
    common = _tried(work, "EF.COM", lambda: lds.common(dump.com)) if dump.com else None
    groups = _groups(work, dump, common.groups if common else frozenset())
    mrz = _tried(work, "DG1", lambda: _mrz(dump.groups[1], reference_date)) if 1 in dump.groups else None
    if work.signed is not None:
        _follow(work, work.signed, trust, reference_date, mrz)
    portrait, page = _portrait(work, dump, limits, whole=any(one.number == 2 and one.sound for one in groups))
    work.outcomes.append(_clone(work, dump))
    signer = work.signed.signer if work.signed else None
    reading = ChipReading(
        outcomes=tuple(dict.fromkeys(work.outcomes)),
        groups=groups,
        reason=work.reason,
        lds_version=common.version if common else "",
        listed=common is not None,
        algorithm=work.signed.algorithm if work.signed else "",
        weak=tuple(work.weak),
        signer=signer.facts if signer else None,
        csca=work.csca,
        trust_source=work.trust_source,
        mrz=mrz,
        details=_details(work, dump),
        portrait=portrait,
        protocols=tuple(_protocols(work, dump)),
        irregularities=tuple(dict.fromkeys(work.irregularities)),
        unrecognised=dump.unrecognised,
    )
    return reading, page


def _open_object(work: _Work, dump: ChipDump, trust: TrustStore) -> None:
    """EF.SOD: its signature and the digests it holds."""
    if not dump.sod:
        work.outcomes.append(ChipOutcome.OBJECT_MISSING)
        work.reason = "EF.SOD was not given: nothing tells who made these files"
        return
    try:
        whole = tlv_at(dump.sod)
        if whole.tag != 0x77:
            raise MalformedError("EF.SOD begins with another tag than 77")
        if dump.sod[whole.end :].strip(b"\0"):
            work.irregularities.append("EF.SOD has bytes behind its end")
        work.signed = read_signed(whole.value, _SECURITY_OBJECTS, otherwise=trust.signers())
        work.digest, work.digests = parsed(lambda: _security_object(work, work.signed.content))  # type: ignore[union-attr]
    except MalformedError as error:
        work.signed = None
        work.outcomes.append(ChipOutcome.OBJECT_DAMAGED)
        work.reason = f"EF.SOD cannot be read: {error}"
        return
    work.irregularities += work.signed.irregularities
    work.outcomes.append(
        _SIGNATURES[work.signed.state] if work.signed.signer is not None else ChipOutcome.SIGNER_MISSING
    )
    if work.irregularities:
        work.outcomes.append(ChipOutcome.OBJECT_IRREGULAR)


def _security_object(work: _Work, content: bytes) -> tuple[str, dict[int, bytes]]:
    found = _SecurityObject.load(content, strict=True)
    name = digest_of(found["algorithm"])
    if not name:
        raise MalformedError(f"its digest is none of {', '.join(sorted(DIGESTS.values()))}")
    digests = {one["number"].native: one["value"].native for one in found["digests"]}
    if len(digests) != len(found["digests"]) or not all(1 <= number <= 16 for number in digests):
        raise MalformedError("its data groups are not numbered as the standard says")
    if not is_der(content):
        work.irregularities.append("the security object is not encoded in DER")
    return name, digests


def _groups(work: _Work, dump: ChipDump, listed: frozenset[int]) -> tuple[DataGroup, ...]:
    """Every data group that is given, listed or signed; digests of those that are given."""
    groups = []
    for number in sorted({*dump.groups, *listed, *work.digests}):
        data, wanted = dump.groups.get(number), work.digests.get(number)
        sound, truncated, surplus = None, False, 0
        if data is not None:
            truncated, surplus = _measured(data)
            if wanted is not None:
                sound = _same(data, wanted, work.digest, surplus)
        groups.append(
            DataGroup(
                number,
                None if data is None else len(data),
                number in listed,
                wanted is not None,
                sound,
                truncated,
                surplus,
            )
        )
    compared = [one.sound for one in groups if one.sound is not None]
    if compared:
        work.outcomes.append(ChipOutcome.DIGEST_OK if all(compared) else ChipOutcome.DIGEST_BAD)
    if any(one.size is None and one.number not in _NEVER_DUMPED for one in groups):
        work.outcomes.append(ChipOutcome.GROUP_MISSING)
    if work.digests and any(one.size is not None and not one.signed for one in groups):
        work.outcomes.append(ChipOutcome.GROUP_EXTRA)
    return tuple(groups)


def _measured(data: bytes) -> tuple[bool, int]:
    """Whether a file is cut off, and how many bytes stand behind its end."""
    try:
        whole = tlv_at(data, cut=True)
    except MalformedError:
        return True, 0
    try:
        tlv_at(data)
    except MalformedError:
        return True, 0
    return False, len(data) - whole.end


def _same(data: bytes, wanted: bytes, digest: str, surplus: int) -> bool:
    """Some readers copy the whole space of a file: then the digest is that of its content alone."""
    if hashlib.new(digest, data).digest() == wanted:
        return True
    return surplus > 0 and hashlib.new(digest, data[:-surplus]).digest() == wanted


def _follow(work: _Work, signed: SignedContent, trust: TrustStore, on: dt.date, mrz: MrzResult | None) -> None:
    """From the signer's certificate to a CSCA, its revocation list, its validity and its state."""
    signer = signed.signer
    if signer is None:
        return
    try:
        chain = trust.chain(signer)
        work.outcomes.append(chain.outcome)
        work.csca, work.trust_source = chain.csca.facts if chain.csca else None, chain.source
        work.outcomes.append(trust.revocation(signer, on))
        if signer.not_after is not None and signer.not_after < on:
            work.outcomes.append(ChipOutcome.SIGNER_EXPIRED)
        if signer.not_before is not None and signer.not_before > on:
            work.outcomes.append(ChipOutcome.SIGNER_NOT_YET)
        work.outcomes += _states(signer, chain.csca, mrz)
        work.weak += _weak(signed, signer)
    except MalformedError as error:
        work.irregularities.append(f"the signer's certificate cannot be read in full: {error}")
        work.outcomes += [ChipOutcome.CHAIN_UNKNOWN, ChipOutcome.OBJECT_IRREGULAR]


def _states(signer: Certificate, csca: Certificate | None, mrz: MrzResult | None) -> Iterator[ChipOutcome]:
    told = [same_state(signer.state, mrz.value("issuing_state"))] if mrz is not None else []
    if csca is not None and csca.state and signer.state:
        told.append(csca.state == signer.state)
    if False in told:
        yield ChipOutcome.STATES_DIFFER
    elif True in told:
        yield ChipOutcome.STATES_AGREE


def _weak(signed: SignedContent, signer: Certificate) -> Iterator[str]:
    if signed.digest == "sha1" or "SHA-1" in signed.algorithm:
        yield "SHA-1"
    if signer.key.curve is None and signer.key.modulus.bit_length() < _WEAK_BITS:
        yield str(signer.key)
    if signer.key.curve is None and signer.key.exponent == 3:
        yield "RSA with the exponent 3"


def _mrz(dg1: bytes, reference_date: dt.date) -> MrzResult:
    try:
        return parse(lds.mrz_lines(dg1), reference_date=reference_date, engine=_ENGINE)
    except MalformedError:
        raise
    except ValueError as error:
        raise MalformedError("holds a zone of no format") from error


def _portrait(
    work: _Work, dump: ChipDump, limits: Limits, *, whole: bool
) -> tuple[ChipPortrait | None, NDArray[np.uint8] | None]:
    if 2 not in dump.groups:
        return None, None
    found = _tried(work, "DG2", lambda: read_portrait(dump.groups[2], limits, whole=whole))
    return found if found is not None else (ChipPortrait("", "", "", None, None, ("no portrait was found",)), None)


def _details(work: _Work, dump: ChipDump) -> ChipDetails | None:
    dg11, dg12 = dump.groups.get(11, b""), dump.groups.get(12, b"")
    if not dg11 and not dg12:
        return None
    return _tried(work, "DG11 or DG12", lambda: lds.details(dg11, dg12))


def _protocols(work: _Work, dump: ChipDump) -> Iterator[str]:
    if 14 in dump.groups:
        yield from _tried(work, "DG14", lambda: lds.protocols(dump.groups[14])) or ()
    if 15 in dump.groups:
        key = _tried(work, "DG15", lambda: lds.authentication_key(dump.groups[15]))
        if key is not None:
            yield f"public key for active authentication ({key})"


def _clone(work: _Work, dump: ChipDump) -> ChipOutcome:
    """A kept answer counts only when DG15 is the one that the state signed: a copy may bring a key of its own."""
    signed = work.digests.get(15)
    if not dump.challenge or not dump.response or 15 not in dump.groups or signed is None:
        return ChipOutcome.CLONE_NOT_TESTED
    if not _same(dump.groups[15], signed, work.digest, _measured(dump.groups[15])[1]):
        return ChipOutcome.CLONE_NOT_TESTED
    key = _tried(work, "DG15", lambda: lds.authentication_key(dump.groups[15]))
    if key is None:
        return ChipOutcome.CLONE_NOT_TESTED
    sound = answer_verifies(key, dump.challenge, dump.response)
    return ChipOutcome.CLONE_TEST_OK if sound else ChipOutcome.CLONE_TEST_BAD


def _tried(work: _Work, name: str, action: Callable[[], _T]) -> _T | None:
    """What an action gives; None, and a word on it, when the file does not follow its encoding."""
    try:
        return action()
    except MalformedError as error:
        work.irregularities.append(f"{name}: {error}")
        return None
