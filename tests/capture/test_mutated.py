"""Damaged on purpose: whatever the bytes are, a file ends as pages or as a refusal, never as another error."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from verify.capture.decode import decode
from verify.capture.source import FileRefusedError
from verify.model.outcome import Outcome
from verify.settings import Limits

LIMITS = Limits(max_pixels=1_000_000, max_side=2000, max_pages=5)
EXPECTED = {Outcome.DAMAGED, Outcome.UNSUPPORTED, Outcome.TOO_LARGE, Outcome.ENCRYPTED, Outcome.RESOURCE}


def _made(kind: str) -> bytes:
    image = Image.radial_gradient("L").resize((60, 40)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a specimen"
    options: dict[str, dict[str, object]] = {
        "PDF": {"resolution": 72},
        "TIFF": {"compression": "tiff_lzw", "exif": exif},
        "JPEG2000": {},
    }
    buffer = io.BytesIO()
    image.save(buffer, kind, **options.get(kind, {"exif": exif}))
    return buffer.getvalue()


SEEDS = {kind: _made(kind) for kind in ("JPEG", "PNG", "TIFF", "PDF", "WEBP", "JPEG2000")}
MAGIC = (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"%PDF-1.7\n", b"RIFF\x40\0\0\0WEBPVP8 ")

fuzzing = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ends_as_an_outcome(data: bytes) -> None:
    try:
        for page in decode(data, LIMITS).pages:
            assert page.ndim == 3
            assert page.shape[2] == 3
            assert page.shape[0] * page.shape[1] <= LIMITS.max_pixels
    except FileRefusedError as refused:
        assert refused.outcome in EXPECTED
        assert str(refused)


@fuzzing
@given(magic=st.sampled_from(MAGIC), rest=st.binary(max_size=400))
def test_random_bytes(magic: bytes, rest: bytes) -> None:
    ends_as_an_outcome(magic + rest)


@pytest.mark.parametrize("kind", sorted(SEEDS))
def test_a_mutated_file(kind: str) -> None:
    seed = SEEDS[kind]
    positions = st.integers(0, len(seed) - 1)

    @fuzzing
    @given(
        changes=st.lists(st.tuples(positions, st.binary(min_size=1, max_size=6)), max_size=6),
        cut=st.one_of(st.none(), positions),
    )
    def mutate(changes: list[tuple[int, bytes]], cut: int | None) -> None:
        data = bytearray(seed)
        for position, new in changes:
            data[position : position + len(new)] = new
        ends_as_an_outcome(bytes(data[:cut]))

    mutate()
