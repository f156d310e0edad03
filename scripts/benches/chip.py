"""What a chip dump costs, and whether every one-bit change is refused: of EF.SOD, data groups, certificates and seals.

scripts/bench chip [--tamperings 1000] [--seed 7] [--data FOLDER]

Chips and seals of Utopia are made here. --data names a folder with specimens of others (chip dumps as folders below
it, seals in vdstools): then these take part, with their signers trusted by their own bytes, since no CSCA of them is
public. A change is *refused* when not all of these hold: digests, signature, chain, a regular EF.SOD, and every file
recognised.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples import chip as maker
from verify.document.chip import ChipDump, read_chip
from verify.document.seal import read_seal
from verify.document.tlv import MalformedError, tlv_at
from verify.document.trust import Certificate, SignatureState, TrustStore, read_signed
from verify.model.chip import ChipOutcome, ChipReading
from verify.model.seal import SealState
from verify.settings import Limits

LINES = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
DAY = dt.date(2026, 6, 15)
WANTED = {ChipOutcome.DIGEST_OK, ChipOutcome.SIGNATURE_OK, ChipOutcome.CHAIN_OK}
REFUSED = {
    ChipOutcome.DIGEST_BAD, ChipOutcome.SIGNATURE_BAD, ChipOutcome.SIGNATURE_UNSUPPORTED, ChipOutcome.CHAIN_BAD,
    ChipOutcome.CHAIN_UNKNOWN, ChipOutcome.OBJECT_IRREGULAR, ChipOutcome.OBJECT_DAMAGED, ChipOutcome.SIGNER_MISSING,
    ChipOutcome.STATES_DIFFER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Bytes to change, and what becomes of them: "accepted", or the reason of the refusal."""

    name: str
    data: bytes
    judge: Callable[[bytes], str]


def judged(reading: ChipReading) -> str:
    """Whether a chip is accepted without reserve; else the first outcome that speaks against it."""
    against = [one.value for one in reading.outcomes if one in REFUSED]
    missing = [one.value for one in WANTED if one not in reading.outcomes]
    return (against or [f"no {one}" for one in missing] or ["accepted"])[0]


def chip_subjects(name: str, dump: ChipDump, trust: TrustStore) -> Iterator[Subject]:
    """EF.SOD and every signed data group of a chip."""

    def of(changed: ChipDump, *, picture: bool = False) -> str:
        limits = Limits() if picture else Limits(max_pixels=1)  # the portrait is decoded where it was changed
        return judged(read_chip(changed, trust, limits, reference_date=DAY)[0])

    def with_group(number: int, data: bytes) -> str:
        return of(ChipDump(dump.com, dump.sod, dump.groups | {number: data}), picture=number == 2)

    reading, _page = read_chip(dump, trust, Limits(), reference_date=DAY)
    yield Subject(f"{name} EF.SOD", dump.sod, lambda data: of(ChipDump(dump.com, data, dump.groups)))
    for number in sorted(dump.groups):
        group = reading.group(number)
        if group is not None and group.signed:  # the BSI specimen has a DG15 that nobody signed, and it is told so
            yield Subject(f"{name} DG{number}", dump.groups[number], partial(with_group, number))


def certificate_subject(name: str, certificate: bytes, issuer: bytes) -> Subject:
    """A certificate against the key of its issuer."""

    def judge(data: bytes) -> str:
        try:
            state = Certificate(data).signed_by(Certificate(issuer))
        except MalformedError:
            return "malformed"
        return "accepted" if state is SignatureState.OK else str(state)

    return Subject(f"{name} certificate", certificate, judge)


def seal_subject(name: str, data: bytes, trust: TrustStore) -> Subject:
    """A seal against its signer's key."""

    def judge(changed: bytes) -> str:
        reading = read_seal(changed, trust, reference_date=DAY)
        if reading is None:
            return "no seal"
        return "accepted" if reading.state is SealState.SIGNATURE_OK else reading.state.value

    return Subject(f"{name} seal", data, judge)


def picture() -> bytes:
    """A portrait's worth of JPEG 2000."""
    grey = Image.effect_mandelbrot((413, 531), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    buffer = io.BytesIO()
    grey.save(buffer, "JPEG2000", quality_mode="rates", quality_layers=[40])
    return buffer.getvalue()


def suites() -> Iterator[tuple[str, maker.Signer, maker.Signer]]:
    """An authority and its signer, in the ways that Doc 9303-12 allows."""
    one = rsa.generate_private_key(65537, 2048)
    two = rsa.generate_private_key(65537, 2048)
    for name, pss in (("RSA PKCS#1", False), ("RSA-PSS", True)):
        above = maker.authority(key=one, digest="sha256", pss=pss)
        yield name, above, maker.signer(above, key=two, digest="sha256", pss=pss)
    above = maker.authority()
    yield "ECDSA P-384, P-256", above, maker.signer(above)
    above = maker.authority(curve=ec.BrainpoolP384R1(), explicit=True)
    yield "ECDSA brainpool, explicit", above, maker.signer(above, curve=ec.BrainpoolP256R1(), explicit=True)


def own_subjects() -> Iterator[Subject]:
    """Chips, certificates and seals of Utopia."""
    image = maker.portrait_group(picture(), 413, 531)
    groups = maker.data_groups(
        LINES, image, full_name="ERIKSSON<<ANNA MARIA", birth=dt.date(1974, 8, 12), issued=dt.date(2018, 4, 16),
        office="REGISTRY", answers=maker.ec_key("answers"),
    )  # fmt: skip
    for name, above, signer in suites():
        trust = TrustStore()
        trust.add(Certificate(above.certificate), "bench", authority=True)
        files = maker.dump(groups, signer)
        yield from chip_subjects(name, ChipDump(files["EF.COM"], files["EF.SOD"], dict(groups)), trust)
        yield certificate_subject(f"{name} DSC", signer.certificate, above.certificate)
        yield certificate_subject(f"{name} CSCA", above.certificate, above.certificate)
    above = maker.authority()
    for curve in (ec.SECP256R1(), ec.BrainpoolP384R1()):
        signer = maker.signer(above, seed=curve.name, name="TS", curve=curve)
        trust = TrustStore()
        trust.add(Certificate(signer.certificate), "bench", authority=False)
        fields = [(2, maker.c40("".join(LINES)[:72])), (3, maker.c40("L898902C3"))]
        for version in (3, 4):
            data = maker.seal(signer, 0xFB06, fields, signed=dt.date(2024, 3, 1), version=version)
            yield seal_subject(f"{curve.name} v{version}", data, trust)


def given_dumps(data: Path) -> Iterator[tuple[str, ChipDump]]:
    """Chip dumps in folders, by the first byte of their files."""
    tags = {0x61: 1, 0x75: 2, 0x6B: 11, 0x6C: 12, 0x6E: 14, 0x6F: 15}
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        dump = ChipDump()
        for path in sorted(folder.glob("*.bin")):
            content = path.read_bytes()
            if content[:1] == b"\x77":
                dump.sod = content
            elif content[:1] == b"\x60":
                dump.com = content
            elif content[0] in tags:
                dump.groups[tags[content[0]]] = content
        if dump.sod:
            yield folder.name, dump


def given_subjects(data: Path) -> Iterator[Subject]:
    """Specimens of others, their signers trusted by their own bytes."""
    for name, dump in given_dumps(data):
        signer = read_signed(tlv_at(dump.sod).value, {"2.23.136.1.1.1"}).signer
        assert signer is not None
        trust = TrustStore()
        trust.add(signer, "bench", authority=False)
        yield from chip_subjects(name, dump, trust)
    trust = TrustStore()
    for path in sorted((data / "vdstools").glob("*.crt")):
        trust.add(Certificate(path.read_bytes()), "bench", authority=False)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((data / "vdstools").glob("VdsRaw*")))
    for number, found in enumerate(re.findall(r"\(((?:\s*\"[0-9A-Fa-f]+\"\s*\+?)+)\)\.hexToByteArray", text)):
        subject = seal_subject(
            f"specimen {number}", bytes.fromhex("".join(re.findall(r"[0-9A-Fa-f]{2,}", found))), trust
        )
        if subject.judge(subject.data) == "accepted":
            yield subject


def tamper(subjects: list[Subject], count: int, seed: int) -> Iterator[tuple[Subject, int, str]]:
    """Change one bit of one subject, again and again: the subject, the bit, and what became of it."""
    source = random.Random(seed)
    for number in range(count):
        subject = subjects[number % len(subjects)]
        bit = source.randrange(len(subject.data) * 8)
        changed = bytearray(subject.data)
        changed[bit // 8] ^= 1 << bit % 8
        yield subject, bit, subject.judge(bytes(changed))


def cost(dump: ChipDump, trust: TrustStore, rounds: int = 40) -> dict[str, float]:
    """CPU milliseconds of a dump, warm, and of the decoding of its portrait alone, taken in turns."""
    from verify.capture import decode
    from verify.document.chip.portrait import _found

    image = _found(dump.groups[2]).image
    whole, picture_alone = [], []
    for _ in range(rounds):
        start = time.process_time()
        read_chip(dump, trust, Limits(), reference_date=DAY)
        middle = time.process_time()
        next(decode(image, Limits()).pages)
        whole.append(1000 * (middle - start))
        picture_alone.append(1000 * (time.process_time() - middle))
    return {
        "cpu_ms_median": round(statistics.median(whole), 2),
        "cpu_ms_least": round(min(whole), 2),
        "portrait_cpu_ms_median": round(statistics.median(picture_alone), 2),
    }


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tamperings", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, help="folder with specimens of others")
    arguments = parser.parse_args()
    subjects = list(own_subjects()) + (list(given_subjects(arguments.data)) if arguments.data else [])
    for subject in subjects:
        assert subject.judge(subject.data) == "accepted", subject.name
    ends: Counter[str] = Counter()
    missed = []
    for subject, bit, end in tamper(subjects, arguments.tamperings, arguments.seed):
        ends[end] += 1
        if end == "accepted":
            missed.append(f"{subject.name} bit {bit}")
    row = {"subjects": len(subjects), "tamperings": arguments.tamperings, "accepted": missed, "ends": dict(ends)}
    print(json.dumps(row), flush=True)
    for name, dump in given_dumps(arguments.data) if arguments.data else ():
        print(json.dumps({"dump": name, **cost(dump, TrustStore())}), flush=True)


if __name__ == "__main__":
    main()
