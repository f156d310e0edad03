"""Thresholds for two portraits of one document: a simulation of ours, not real documents (docs/faces.md).

Of each photograph four pictures are made: printed and scanned (`print_scan`), engraved by a laser (grey, in fine rows),
as a ghost portrait (small, grey, see-through, over the lines of a background print), and as in a chip (JPEG 2000 of
about 12 kB). Every other photograph is engraved, the rest printed. Mated pairs are two pictures of one photograph, as
on most documents; non-mated ones are of two people.

    python scripts/portrait_pairs.py FILES.txt ENGINE VECTORS.npz [--start 0 --stop 1000]   templates, added to the file
    python scripts/portrait_pairs.py FILES.txt ENGINE VECTORS.npz --tables                  tables for the model card
"""

from __future__ import annotations

import argparse
import hashlib
import io
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from print_scan import print_scan

from verify.face import KIND, FaceEngine, acquire, get_engine
from verify.face.engines import dlib
from verify.model.face import FaceRole

_Picture = NDArray[np.uint8]
_KINDS = ("main", "chip", "ghost")
_CHIP_BYTES = 12_000
_LEAST = 3  # mated pairs behind a rate: fewer photographs than for the other tables
_NOTE = "a simulation of ours, not real documents; press photographs of adults; mates are of one photograph"


def engraved(image: _Picture, rng: np.random.Generator) -> _Picture:
    """Grey, hard in contrast, in fine rows whose width is the shade, then scanned."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    low, high = np.percentile(grey, (2, 98))
    grey = np.clip((grey - low) / max(1.0, high - low), 0, 1)
    large = cv2.resize(grey, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    rows = (np.arange(large.shape[0]) % 6 / 6)[:, None]
    burnt = np.where(rows + rng.normal(0, 0.12, large.shape) < large, 225.0, 60.0).astype(np.float32)
    scanned = cv2.resize(cv2.GaussianBlur(burnt, (0, 0), 3.2), grey.shape[::-1], interpolation=cv2.INTER_AREA)
    noisy = np.clip(scanned + rng.normal(0, 4, scanned.shape), 0, 255).astype(np.uint8)
    return _jpeg(np.repeat(noisy[:, :, None], 3, axis=2), 60)


def ghost(image: _Picture, rng: np.random.Generator) -> _Picture:
    """A pale grey portrait over waves, 16 to 34 pixels between the eyes of LFW's 40; scanned and saved."""
    scale = rng.uniform(0.4, 0.85)
    grey = cv2.cvtColor(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    tint = rng.uniform(20, 110, 3)
    shade = tint + (255 - tint) * grey[:, :, None].astype(np.float32) / 255
    above, left = height // 6, width // 6
    page = np.full((height + 2 * above, width + 2 * left, 3), rng.uniform(225, 245, 3), np.float32)
    x = np.arange(page.shape[1])
    for base in range(-20, page.shape[0] + 20, 7):
        y = base + 9 * np.sin(x / 31 + base * 0.1) + 4 * np.sin(x / 13 - base * 0.05)
        points = np.stack([x, y], axis=1).round().astype(np.int32)
        cv2.polylines(page, [points], False, tuple((tint + 130).tolist()), 1, cv2.LINE_AA)
    part = page[above : above + height, left : left + width]
    part += (shade - part) * rng.uniform(0.35, 0.65)
    scanned = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 0.8)) + rng.normal(0, 3, page.shape)
    return _jpeg(np.clip(scanned, 0, 255).astype(np.uint8), 75)


def chip(image: _Picture, _rng: np.random.Generator) -> _Picture:
    """At the size of a chip's portrait, as JPEG 2000 of a chip's number of bytes."""
    buffer = io.BytesIO()
    large = Image.fromarray(image).resize((413, 413 * image.shape[0] // image.shape[1]))
    rate = large.width * large.height * 3 / _CHIP_BYTES
    large.save(buffer, "JPEG2000", quality_mode="rates", quality_layers=[rate])
    return np.asarray(Image.open(buffer).convert("RGB"), np.uint8)


def _jpeg(image: _Picture, quality: int) -> _Picture:
    _done, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def pictures(path: Path, number: int) -> list[_Picture]:
    """Main portrait (printed or engraved), chip portrait, ghost portrait; the same file always gives the same."""
    image = np.asarray(Image.open(path).convert("RGB"), np.uint8)
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(path.name.encode()).digest()[:8], "big"))
    main = engraved(image, rng) if number % 2 else _jpeg(print_scan(image, rng), 50)
    return [main, chip(image, rng), ghost(image, rng)]


def template(image: _Picture, engine: FaceEngine) -> NDArray[np.float32] | None:
    """Of the main face, with unit length; None when none was found."""
    faces, _reason = acquire(image, engine, main=FaceRole.LIVE, source="document")
    if not faces:
        return None
    vector = np.array(faces[0].template.vector, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def add(files: list[Path], engine: FaceEngine, out: Path, start: int, stop: int) -> None:
    """Adds the templates of some files, keyed by their number and kind."""
    kept = dict(np.load(out)) if out.is_file() else {}
    for number in range(start, min(stop, len(files))):
        for kind, picture in zip(_KINDS, pictures(files[number], number), strict=True):
            vector = template(picture, engine)
            kept[f"{number} {kind}"] = np.empty(0, np.float32) if vector is None else vector
    np.savez(out, **kept)


def tables(files: list[Path], vectors: Path, engine: str) -> None:
    """Prints the tables, and what engraving costs."""
    from verify.evaluate import operating_table
    from verify.evaluate.rates import Pairs

    kept = dict(np.load(vectors))
    numbers = sorted({int(key.split()[0]) for key in kept})
    people = np.array([files[number].parent.name for number in numbers])
    width = max(len(vector) for vector in kept.values())
    rows = {
        kind: np.stack([v if len(v := kept[f"{n} {kind}"]) else np.full(width, np.nan, np.float32) for n in numbers])
        for kind in _KINDS
    }
    for kind in _KINDS:
        print(f"# {kind}: no face found on {np.isnan(rows[kind][:, 0]).sum()} of {len(numbers)}")
    for name in ("chip", "ghost"):
        scores = rows["main"] @ rows[name].T
        mated, strangers = np.diag(scores), people[:, None] != people[None, :]
        non = np.sort(scores[strangers & np.isfinite(scores)]).astype(np.float32)
        found = np.isfinite(mated)
        pairs = Pairs(mated[found].astype(np.float32), np.flatnonzero(found), non)
        data_set = (
            f"{found.sum():,} photographs of Labeled Faces in the Wild as printed or engraved main portrait against "
            f"{name} portrait (scripts/portrait_pairs.py), engine {engine}; {len(non):,} non-mated and "
            f"{found.sum():,} mated pairs"
        )
        print(operating_table(name, KIND, pairs, data_set, _NOTE, least=_LEAST))
        for told, odd in (("printed", 0), ("engraved", 1)):
            some = mated[found & (np.array(numbers) % 2 == odd)]
            levels = ", ".join(f"{share:g}: {np.quantile(some, share):.4f}" for share in (0.005, 0.01, 0.02, 0.05, 0.5))
            print(f"# {name}, main portrait {told}: quantiles of mates {levels}")


def main() -> None:
    """Runs from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path)
    parser.add_argument("engine")
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--stop", type=int, default=1000)
    parser.add_argument("--tables", action="store_true")
    arguments = parser.parse_args()
    files = [Path(line) for line in arguments.files.read_text(encoding="utf-8").splitlines() if line.strip()]
    engine = get_engine(arguments.engine, arguments.models)
    dlib._SIDES = (320, 640, 640)  # these are cut-outs: looks at the size of a page would only cost
    if arguments.tables:
        tables(files, arguments.vectors, engine.name)
    else:
        add(files, engine, arguments.vectors, arguments.start, arguments.stop)


if __name__ == "__main__":
    main()
