"""The chips, seals and licence barcodes of the day, as they should be and altered, and whom a checkpoint has to trust.

The keys are public (see `chip`): a store that trusts these certificates is for this day only.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from samples import chip
from samples.people import Document, Person

__all__ = ["CHALLENGE", "Registry", "licence"]

CHALLENGE = bytes.fromhex("0123456789abcdef")
_DAY = dt.date(2026, 6, 1)
_REVOKED = 0xBAD
_PORTRAIT = (300, 375)


class Registry:
    """The authority of Utopia: it signs chips and seals, and altered ones are made from what it signed."""

    def __init__(self) -> None:
        """Make the keys of the authority and of the signer of seals."""
        self._csca = chip.authority()
        self._seals = chip.signer(self._csca, name="TS", seed="seals of Utopia", serial=0x5B)

    def trust(self) -> dict[str, bytes]:
        """Give the files to import into a trust store, by name: the CSCA vouches for the others."""
        return {
            "csca.cer": self._csca.certificate,
            "master-list.bin": chip.master_list([self._csca.certificate], self._csca),
            "seals.cer": self._seals.certificate,
            "revoked.crl": chip.revocation_list([_REVOKED], self._csca, _DAY, dt.date(2026, 9, 1)),
        }

    def dump(
        self, state: str, document: Document, person: Person, lines: Sequence[str], portrait: Image.Image | None
    ) -> bytes:
        """Give the dump of a chip as a zip.

        Args:
            state: `good`, or what is wrong with it: a key of `plan.CHIPS`.
            document: whose chip it is.
            person: its holder.
            lines: the MRZ for DG1.
            portrait: for DG2; None for a dump without it.
        """
        signer = self._signer(state, document)
        answers = chip.ec_key(f"chip {document.number}")
        name = f"{person.primary}<<{person.secondary}"
        groups = chip.data_groups(
            lines, _group(portrait, state), full_name="OSTROWSKA<<HALINA" if state == "details" else name,
            birth=person.birth, place=person.place, office="REGISTRY", issued=document.issue, answers=answers,
        )  # fmt: skip
        files = chip.dump(groups, signer)
        asked = chip.ec_key("another chip") if state == "copied" else answers
        files |= {"AA_challenge": CHALLENGE, "AA_response": chip.answer(asked, CHALLENGE)}
        if state == "altered":  # the birth date of DG1, after it was signed
            files["EF.DG1"] = files["EF.DG1"].replace(f"{person.birth:%y%m%d}".encode(), b"990101")
        elif state == "forged":
            files["EF.SOD"] = _flipped(files["EF.SOD"])
        elif state == "stripped":
            del files["EF.DG11"]
        return chip.dumped(files)

    def _signer(self, state: str, document: Document) -> chip.Signer:
        """A signer as is usual: certified a month before the document, for a year longer than it."""
        start, end = document.issue - dt.timedelta(days=30), document.expiry + dt.timedelta(days=365)
        above = chip.authority(seed="nobody's CSCA") if state == "unknown" else self._csca
        if state == "late":
            start = document.issue + dt.timedelta(days=400)
        elif state == "outlived":
            end = document.expiry - dt.timedelta(days=900)
        made = chip.signer(
            above, "ZZ" if state == "foreign" else "UT", seed=f"DS {document.issue}", start=start, end=end,
            serial=_REVOKED if state == "revoked" else int(f"{document.issue:%Y%m%d}"),
        )  # fmt: skip
        return replace(made, certificate=_flipped(made.certificate)) if state == "uncertified" else made

    def seal(self, state: str, kind: int, fields: Sequence[tuple[int, bytes]], signed: dt.date) -> bytes:
        """Give a digital seal: `good`, `altered` after it was signed, or of an `unknown` signer."""
        by = self._seals
        if state == "unknown":
            by = chip.signer(self._csca, name="XX", seed="nobody's seals", serial=0x77)
        data = chip.seal(by, kind, fields, signed=signed)
        return _flipped(data) if state == "altered" else data


def licence(document: Document, person: Person, *, state: str) -> bytes:
    """Give the barcode of a licence (AAMVA DL/ID): `good`, or `altered` so that it was issued after it expired."""
    issued, until = document.issue, document.expiry
    if state == "altered":
        issued = until + dt.timedelta(days=30)
    rows = [
        f"DAQ{document.number}", f"DCS{person.primary}", f"DAC{person.secondary}", f"DBD{issued:%m%d%Y}",
        f"DBB{person.birth:%m%d%Y}", f"DBA{until:%m%d%Y}", f"DBC{1 if person.sex == 'M' else 2}", "DAJBRANN", "DCGUTO",
    ]  # fmt: skip
    body = "DL" + "\n".join(rows) + "\r"
    return (f"@\n\x1e\rANSI 000000090001DL0031{len(body):04d}" + body).encode("latin-1", "replace")


def _group(portrait: Image.Image | None, state: str) -> bytes:
    if portrait is None:
        return b""
    buffer = io.BytesIO()
    small = portrait.resize(_PORTRAIT, Image.Resampling.LANCZOS)
    small.save(buffer, "JPEG2000", quality_mode="rates", quality_layers=[30])
    width, height = (240, 320) if state == "misdescribed" else _PORTRAIT
    return chip.portrait_group(buffer.getvalue(), width, height)


def _flipped(data: bytes) -> bytes:
    """One bit of the signature changed, which stands at the end."""
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
