"""What the face engines cost: processor time of one thread for detection, alignment and embedding of a 640-pixel image.

    scripts/benches/faces.py [--models DIR] [--count N] [--side 640]

The measure is what the package face_recognition does: native dlib's HOG detector at one upsampling, five landmarks and
its ResNet. Everything is taken in one process, image after image in turn, so that a busy machine slows all alike. The
images are the rendered faces of samples/, which cost what photographs cost.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from verify.errors import MissingEngineError
from verify.face import get_engine
from verify.face.engines.dlib import model_folder

ROOT = Path(__file__).parents[2]
_Image = NDArray[np.uint8]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, help="folder of fetched models")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--side", type=int, default=640)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    images = [_load(path, options.side) for path in sorted((ROOT / "samples/faces").glob("*_cap.jpg"))[: options.count]]
    systems = dict(_systems(options.models))
    spent = dict.fromkeys(systems, 0.0)
    found = dict.fromkeys(systems, 0)
    for warm, one in enumerate([images[0], *images]):
        for name, system in systems.items():
            begun = time.process_time()
            seen = system(one)
            if warm:
                spent[name] += time.process_time() - begun
                found[name] += seen
    print(f"{len(images)} images of {options.side} pixels, processor time of one thread, in one run")
    usual = spent.get("face_recognition")
    for name, seconds in spent.items():
        share = f", {seconds / usual:.3f} of face_recognition" if usual else ""
        print(f"{name:18} {1000 * seconds / len(images):8.1f} ms{share}, faces in {found[name]}")
    print(f"peak memory of all together {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _load(path: Path, side: int) -> _Image:
    with Image.open(path) as image:
        rgb = image.convert("RGB")
        scale = side / max(rgb.size)
        return np.asarray(rgb.resize((round(rgb.width * scale), round(rgb.height * scale)), Image.Resampling.LANCZOS))


def _systems(models: Path | None) -> list[tuple[str, Callable[[_Image], bool]]]:
    found: list[tuple[str, Callable[[_Image], bool]]] = []
    try:
        import dlib

        found.append(("face_recognition", _native(dlib)))
    except ImportError:
        print("native dlib is not installed: no measure to compare with")
    for name in ("dlib", "omz"):
        try:
            found.append((name, _engine(get_engine(name, models))))
        except MissingEngineError as error:
            print(f"{name}: {error}")
    return found


def _engine(engine: Any) -> Callable[[_Image], bool]:
    def run(image: _Image) -> bool:
        for one in engine.detect(image)[:1]:
            engine.embed(engine.align(image, one))
            return True
        return False

    return run


def _native(dlib: Any) -> Callable[[_Image], bool]:
    folder = model_folder()
    detector = dlib.get_frontal_face_detector()
    predictor = dlib.shape_predictor(str(folder / "shape_predictor_5_face_landmarks.dat"))
    network = dlib.face_recognition_model_v1(str(folder / "dlib_face_recognition_resnet_model_v1.dat"))

    def run(image: _Image) -> bool:
        for box in list(detector(image, 1))[:1]:
            network.compute_face_descriptor(image, predictor(image, box), 1)
            return True
        return False

    return run


if __name__ == "__main__":
    main()
