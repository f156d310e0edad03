"""Copies of pictures as a printed and scanned document portrait may look: a simulation of ours, not real scans.

A portrait of a given eye distance is printed through a raster, scanned with blur, turn and noise, and saved as a poor
JPEG. Its only use is to measure what comparing such portraits costs (docs/faces.md).

    python scripts/print_scan.py FILES.txt OUT_DIR
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_SCALE = 0.6  # of the photograph: 43 pixels between the eyes in LFW become 26, as on a portrait scanned at 300 dpi
_ENLARGED = 4  # so that the raster has room
_PITCH = 5  # pixels of the enlarged print
_QUALITY = 50


def print_scan(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A picture (H x W x 3) printed and scanned; it comes back at 0.6 of its size."""
    small = cv2.resize(image, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    rows, columns = np.indices(large.shape[:2])
    turned = (rows + columns) * np.pi / _PITCH, (rows - columns) * np.pi / _PITCH
    raster = np.cos(turned[0]) * np.cos(turned[1])
    printed = large + 24.0 * raster[:, :, None]
    printed = 128 + (printed - 128) * rng.uniform(0.75, 0.95) + rng.uniform(-12, 12)
    height, width = small.shape[:2]
    move = cv2.getRotationMatrix2D((large.shape[1] / 2, large.shape[0] / 2), rng.uniform(-2, 2), 1)
    scanned = cv2.warpAffine(printed, move, large.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    scanned = cv2.GaussianBlur(scanned, (0, 0), 0.8 * _ENLARGED)
    scanned = cv2.resize(scanned, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(scanned + rng.normal(0, 4, scanned.shape), 0, 255), np.uint8)


def main() -> None:
    """Reads the list, writes OUT_DIR/<person>/<name>; the same picture always gives the same copy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    for line in args.files.read_text(encoding="utf-8").splitlines():
        path = Path(line)
        seed = int.from_bytes(hashlib.sha256(path.name.encode()).digest()[:8], "big")
        image = cv2.imread(str(path))
        if image is None:
            print(f"{path}: not read")
            continue
        copy = print_scan(np.asarray(image, dtype=np.uint8), np.random.default_rng(seed))
        target = args.out / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(target), copy, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])


if __name__ == "__main__":
    main()
