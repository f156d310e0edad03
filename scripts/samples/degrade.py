"""What a scanner or a camera does to a page, and the frames of the live camera."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

__all__ = ["LOOKS", "capture", "degrade", "empty_room"]

Array = NDArray[np.float32]
Look = Callable[[Image.Image, np.random.Generator], Image.Image]


def _margin(page: Image.Image, border: int, colour: tuple[int, int, int]) -> Image.Image:
    out = Image.new("RGB", (page.width + 2 * border, page.height + 2 * border), colour)
    out.paste(page, (border, border))
    return out


def _field(page: Image.Image, change: Callable[[Array, Array], Array]) -> Image.Image:
    """Multiply the page by a smooth field of its relative coordinates (0 to 1)."""
    y, x = np.mgrid[0 : page.height, 0 : page.width].astype(np.float32)
    gain = change(x / page.width, y / page.height)[..., None]
    return _image(np.asarray(page, np.float32) * gain)


def _image(values: Array) -> Image.Image:
    return Image.fromarray(np.clip(values + 0.5, 0, 255).astype(np.uint8))


def _noise(page: Image.Image, rng: np.random.Generator, sigma: float) -> Image.Image:
    grain = rng.standard_normal((page.height, page.width, 1), np.float32) * sigma
    return _image(np.asarray(page, np.float32) + grain)


def _flat(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    return _margin(page, int(rng.integers(8, 28)), (246, 246, 244))


def _grey(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A scanner that was set to grey, or a photocopy."""
    return _flat(page, rng).convert("L").convert("RGB")


def _dark(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    return _noise(_margin(page, int(rng.integers(16, 40)), (34, 34, 36)), rng, 1.6)


def _rotate(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    angle = float(rng.uniform(2.0, 5.0)) * (1 if rng.random() < 0.5 else -1)
    return _margin(page, 30, (226, 227, 224)).rotate(
        angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(226, 227, 224)
    )


def _turn90(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    way = Image.Transpose.ROTATE_90 if rng.random() < 0.5 else Image.Transpose.ROTATE_270
    return _noise(_flat(page, rng).transpose(way), rng, 1.2)


def _turn180(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    return _noise(_flat(page, rng).transpose(Image.Transpose.ROTATE_180), rng, 1.2)


def _perspective(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A photograph by hand, on a wooden desk."""
    desk = np.array((122, 96, 74), np.float32)
    border = 70
    size = (page.width + 2 * border, page.height + 2 * border)
    grain = cv2.resize(rng.standard_normal((size[1], 12), np.float32) * 9, size, interpolation=cv2.INTER_CUBIC)
    ground = np.clip(desk + grain[..., None], 0, 255).astype(np.uint8)
    corners = np.array([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)], np.float32)
    shift = rng.uniform(-0.022, 0.022, (4, 2)).astype(np.float32) * page.width
    matrix = cv2.getPerspectiveTransform(corners, (corners + border + shift).astype(np.float32))
    warped = cv2.warpPerspective(np.asarray(page), matrix, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.full((page.height, page.width), 255, np.uint8), matrix, size)[..., None] / 255.0
    return _noise(_image((warped * mask + ground * (1 - mask)).astype(np.float32)), rng, 2.0)


def _shadow(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    slope, place = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(0.45, 0.7))

    def edge(x: Array, y: Array) -> Array:
        return (1 - 0.42 / (1 + np.exp((x + slope * y - place) * 16))).astype(np.float32)

    return _noise(_field(_flat(page, rng), edge), rng, 1.6)


def _glare(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A lamp's reflection in the upper right, away from MRZ and portrait."""
    cx, cy = float(rng.uniform(0.8, 0.9)), float(rng.uniform(0.16, 0.26))
    y, x = np.mgrid[0 : page.height, 0 : page.width].astype(np.float32)
    spot = np.exp(-(((x / page.width - cx) / 0.09) ** 2 + ((y / page.height - cy) / 0.09) ** 2))[..., None] * 0.85
    lit = np.asarray(page, np.float32) * (1 - spot) + 255 * spot
    return _noise(_flat(_image(lit), rng), rng, 1.4)


def _lowlight(page: Image.Image, rng: np.random.Generator) -> Image.Image:

    def dim(x: Array, y: Array) -> Array:
        return (0.46 - 0.1 * np.sqrt((x - 0.5) ** 2 + (y - 0.5) ** 2)).astype(np.float32)

    return _noise(_field(_dark(page, rng), dim), rng, 3.0)


def _a4(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A whole A4 flatbed page at 240 dpi with the card somewhere on it: capitals stay 22 pixels high."""
    sheet = Image.new("RGB", (1984, 2806), (250, 250, 248))
    card = page.resize((page.width * 240 // 300, page.height * 240 // 300), Image.Resampling.LANCZOS)
    card = _margin(card, 2, (190, 190, 188)).rotate(
        float(rng.uniform(-1.5, 1.5)), Image.Resampling.BICUBIC, expand=True, fillcolor=(250, 250, 248)
    )
    x, y = int(rng.integers(150, 1984 - card.width - 150)), int(rng.integers(200, 2806 - card.height - 900))
    sheet.paste(card, (x, y))
    return sheet


def _blur(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    return _noise(_flat(page, rng).filter(ImageFilter.GaussianBlur(24)), rng, 2.0)


def _night(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    return _noise(_field(_flat(page, rng).filter(ImageFilter.GaussianBlur(9)), lambda x, y: 0.02 + 0 * x), rng, 4.0)


LOOKS: dict[str, Look] = {
    "flat": _flat, "grey": _grey, "dark": _dark, "rotate": _rotate, "turn90": _turn90, "turn180": _turn180,
    "perspective": _perspective, "shadow": _shadow, "glare": _glare, "q40": _flat, "lowlight": _lowlight,
    "a4": _a4, "blur": _blur, "night": _night,
}  # fmt: skip


def degrade(page: Image.Image, look: str, rng: np.random.Generator) -> Image.Image:
    """Show the page as the scanner or camera of that look would."""
    return LOOKS[look](page, rng)


def _frame(face: Image.Image, rng: np.random.Generator, height: int, left: int, width: int) -> Array:
    """Place a face in a strip of the camera's picture; its own background goes on, blurred."""
    face = face.resize((height * face.width // face.height, height), Image.Resampling.LANCZOS)
    pixels = np.asarray(face, np.float32)
    columns = np.clip(np.arange(width) - left, 0, face.width - 1)
    strip = pixels[:, columns]
    strip = np.concatenate([np.repeat(strip[:1], 480 - height, axis=0), strip])
    soft = cv2.GaussianBlur(strip, (0, 0), 25)
    x = np.arange(width, dtype=np.float32)
    inside = np.minimum(x - left, left + face.width - 1 - x) / 24
    top = np.clip((np.arange(480, dtype=np.float32) - (480 - height)) / 16, 0, 1)[:, None, None]
    mask = np.clip(inside, 0, 1)[None, :, None] * top
    shade = 1 + 0.12 * np.sin(x / width * math.tau + rng.uniform(0, 6))[None, :, None]
    return ((strip * mask + soft * (1 - mask)) * shade).astype(np.float32)


def _camera(frame: NDArray[np.floating], rng: np.random.Generator) -> Image.Image:
    """Light from one side, white balance, gain and grain of a webcam."""
    x = np.linspace(-1, 1, frame.shape[1], dtype=np.float32)[None, :, None]
    light = 1 + float(rng.uniform(-0.14, 0.14)) * x
    balance = rng.uniform(0.95, 1.05, 3).astype(np.float32)
    lit = frame * light * balance * float(rng.uniform(0.86, 1.08))
    return _noise(_image(lit).filter(ImageFilter.GaussianBlur(0.6)), rng, float(rng.uniform(2.0, 4.5)))


def capture(faces: list[Image.Image], rng: np.random.Generator) -> Image.Image:
    """Show one person, or two side by side, before a webcam of 640 by 480 pixels."""
    if len(faces) == 1:
        height = int(rng.integers(430, 476))
        left = int(rng.integers(100, 640 - 100 - height * 4 // 5))
        return _camera(_frame(faces[0], rng, height, left, 640), rng)
    one, two = (_frame(face, rng, height, x, 640) for face, height, x in zip(faces, (440, 310), (4, 372), strict=True))
    fade = np.clip((np.arange(640, dtype=np.float32) - 330) / 50, 0, 1)[None, :, None]
    return _camera(one * (1 - fade) + two * fade, rng)


def empty_room(rng: np.random.Generator) -> Image.Image:
    """Show an office with nobody in it."""
    room = np.empty((480, 640, 3), np.float32)
    room[:330] = np.linspace(212, 186, 330, dtype=np.float32)[:, None, None] * np.array((1, 0.99, 0.95), np.float32)
    room[330:] = np.array((128, 112, 98), np.float32)
    cv2.rectangle(room, (60, 60), (210, 330), (150, 118, 88), -1)  # door
    cv2.circle(room, (194, 205), 6, (214, 196, 120), -1)
    cv2.rectangle(room, (330, 70), (580, 200), (188, 212, 232), -1)  # window
    cv2.line(room, (455, 70), (455, 200), (235, 235, 230), 6)
    cv2.rectangle(room, (330, 70), (580, 200), (235, 235, 230), 8)
    cv2.rectangle(room, (300, 300), (620, 322), (104, 76, 52), -1)  # desk
    for x in (312, 596):
        cv2.rectangle(room, (x, 322), (x + 14, 440), (84, 62, 44), -1)
    cv2.rectangle(room, (410, 240), (510, 300), (44, 46, 52), -1)  # screen
    return _camera(np.ascontiguousarray(room), rng)
