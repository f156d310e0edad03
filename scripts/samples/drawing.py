"""Draws the specimen documents of Utopia at 300 dpi, in the sizes of ICAO Doc 9303 parts 4 to 7."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["LAYOUTS", "Artist", "Layout"]

DPI = 300
_INK = (28, 30, 44)
_RED = (176, 32, 44)
_SMALL_GHOST, _LARGE_GHOST = 120, 200  # opacity of 255


def _px(mm: float) -> int:
    return round(mm * DPI / 25.4)


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of page, all lengths in millimetres; colours are paper, line, accent."""

    width: float
    height: float
    title: str
    colours: tuple[tuple[int, int, int], ...]
    portrait: tuple[float, float, float]  # x, y, width; the height is 5/4 of the width
    column: float  # left edge of the VIZ
    top: float
    pitch: float
    second: float  # left edge of the second VIZ column
    ghost: tuple[float, float, float]
    zone: float = 23.2  # height of the MRZ zone
    large_ghost: tuple[float, float, float] = (0, 0, 0)  # of the newer series
    code: tuple[float, float] = (0, 0)  # upper left corner of a seal or barcode


_TEAL = ((233, 243, 240), (104, 164, 158), (20, 92, 98))
_BLUE = ((234, 240, 248), (112, 146, 196), (30, 62, 122))
_GREEN = ((239, 244, 230), (140, 168, 104), (58, 92, 38))
_PLUM = ((245, 237, 244), (176, 132, 174), (98, 44, 100))

LAYOUTS = {
    "TD3": Layout(
        125, 88, "PASSPORT", _TEAL, (4, 12.5, 33), 41, 11.5, 7.5, 74, (107, 43, 12), large_ghost=(99, 10, 21)
    ),
    "TD1": Layout(85.6, 54, "IDENTITY CARD", _BLUE, (3.5, 9.5, 25), 31.5, 8.4, 6.4, 57, (75, 42, 8), code=(5, 15.5)),
    "TD2": Layout(105, 74, "IDENTITY CARD", _GREEN, (4, 10, 26.5), 34.5, 9.3, 5.9, 66, (92, 32, 10), code=(84, 9)),
    "MRV-A": Layout(120, 80, "VISA", _PLUM, (4, 11, 30), 38, 10.3, 6.6, 74, (104, 37, 11), code=(97, 10)),
    "MRV-B": Layout(105, 74, "VISA", _PLUM, (4, 10, 26.5), 34.5, 9.3, 5.9, 66, (92, 32, 10), code=(84, 9)),
}


@functools.cache
def _paper(name: str, back: bool) -> NDArray[np.uint8]:
    """Security-print look: waves and a rosette of fine lines in soft colours."""
    layout = LAYOUTS[name]
    width, height = _px(layout.width), _px(layout.height)
    paper, line, accent = layout.colours
    page = np.full((height, width, 3), paper, np.uint8)
    x = np.linspace(0, width, 500)
    for i, base in enumerate(np.arange(-60, height + 60, 13.0)):
        y = base + 22 * np.sin(x / 71 + i * 0.24) + 11 * np.sin(x / 29 - i * 0.15)
        shade = tuple(int(p + (c - p) * 0.34) for p, c in zip(paper, line if i % 2 else accent, strict=True))
        _curve(page, x, y, shade)
    centre = (width * (0.5 if back else 0.64), height * 0.36)
    t = np.linspace(0, 2 * math.pi, 900)
    soft = tuple(int(p + (c - p) * 0.42) for p, c in zip(paper, line, strict=True))
    for k in range(16):
        radius = height * (0.05 + 0.017 * k)
        r = radius * (1 + 0.10 * np.cos(16 * t + (k % 2) * math.pi))
        _curve(page, centre[0] + r * np.cos(t), centre[1] + r * np.sin(t), soft)
    return page


def _curve(page: NDArray[np.uint8], x: NDArray[np.float64], y: NDArray[np.float64], colour: tuple[int, ...]) -> None:
    points = np.stack([x, y], axis=1)
    cv2.polylines(page, [np.round(points * 16).astype(np.int32)], False, colour, 1, cv2.LINE_AA, shift=4)


def _engraved(face: Image.Image) -> Image.Image:
    """Grey, in rows of about eight to the millimetre, each as broad as its place is dark."""
    grey = np.asarray(face.convert("L"), np.float32)
    low, high = np.percentile(grey, (2, 98))
    light = np.clip((grey - low) / (high - low), 0, 1).repeat(8, axis=0)
    rows = (np.arange(light.shape[0]) % 12 / 12)[:, None]
    burnt = np.where(rows < light, 228, 66).astype(np.float32)
    shown = cv2.GaussianBlur(burnt.reshape(-1, 8, light.shape[1]).mean(axis=1), (0, 0), 0.5)
    return Image.fromarray(shown.astype(np.uint8)).convert("RGB")


class Artist:
    """Draws pages with the fonts and the faces of two folders."""

    def __init__(self, fonts: Path, faces: Path) -> None:
        """Keep where the fonts and the faces are."""
        self._fonts, self._faces = fonts, faces

    def face(self, stem: str) -> Image.Image:
        """Open a face; `~m` mirrors it, `~z` shows it closer."""
        name, _, change = stem.partition("~")
        picture = Image.open(self._faces / f"{name}.jpg").convert("RGB")
        if change == "m":
            return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if change == "z":
            return picture.crop((27, 15, 333, 398)).resize(picture.size, Image.Resampling.LANCZOS)
        return picture

    def page(
        self,
        name: str,
        portrait: str,
        fields: list[tuple[str, str, int, int]],
        mrz: list[str],
        *,
        ghost: str = "",
        engraved: bool = False,
    ) -> Image.Image:
        """Draw a data page or the front of a card.

        Args:
            name: key of LAYOUTS.
            portrait: stem of the portrait's file; empty for a page without one.
            fields: label, value, row, column (0 or 1) of each VIZ field.
            mrz: the lines, empty for the front of a TD1 card.
            ghost: stem of the large ghost portrait; empty for the small one of the portrait.
            engraved: whether a laser made the portrait, grey and in rows.
        """
        layout = LAYOUTS[name]
        image, draw = self._blank(name, back=False, zone=bool(mrz))
        if portrait:
            self._portrait(image, draw, layout, self.face(portrait), engraved=engraved)
            place, opacity = (layout.large_ghost, _LARGE_GHOST) if ghost else (layout.ghost, _SMALL_GHOST)
            self._ghost(image, place, opacity, layout.colours[2], self.face(ghost or portrait))
        label, value = ImageFont.load_default(size=_px(1.65)), self._value_font(_px(2.75))
        for text, content, row, column in fields:
            x = _px(layout.second if column else layout.column)
            y = _px(layout.top + layout.pitch * row)
            draw.text((x, y), text, font=label, fill=layout.colours[2])
            draw.text((x, y + _px(2.2)), content, font=value, fill=_INK)
        self._mrz(draw, layout, mrz)
        return image

    def back(self, name: str, fields: list[tuple[str, str, int, int]], mrz: list[str]) -> Image.Image:
        """Draw the back of a TD1 card."""
        layout = LAYOUTS[name]
        image, draw = self._blank(name, back=True, zone=True)
        label, value = ImageFont.load_default(size=_px(1.65)), self._value_font(_px(2.75))
        for text, content, row, column in fields:
            x, y = _px(44 if column else 5), _px(9.5 + layout.pitch * row)
            draw.text((x, y), text, font=label, fill=layout.colours[2])
            draw.text((x, y + _px(2.2)), content, font=value, fill=_INK)
        self._mrz(draw, layout, mrz)
        return image

    def code(self, image: Image.Image, name: str, content: bytes, symbology: str, module: int) -> None:
        """Print a two-dimensional code at its place on a page."""
        symbol = zxingcpp.create_barcode(content, zxingcpp.barcode_format_from_str(symbology))
        pixels = np.array(symbol.to_image(scale=module, add_quiet_zones=True))
        x, y = (_px(v) for v in LAYOUTS[name].code)
        image.paste(Image.fromarray(pixels if pixels.ndim == 2 else pixels[..., 0]), (x, y))

    def _value_font(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self._fonts / "DejaVuSansCondensed-Bold.ttf"), size)

    def _blank(self, name: str, *, back: bool, zone: bool) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        layout = LAYOUTS[name]
        image = Image.fromarray(_paper(name, back).copy())
        self._watermark(image, layout, portrait=not back, zone=zone)
        draw = ImageDraw.Draw(image)
        accent = layout.colours[2]
        band = _px(6.2 if layout.height < 60 else 7.4)
        draw.rectangle((0, 0, image.width, band), fill=accent)
        big, small = self._value_font(int(band * 0.62)), self._value_font(int(band * 0.42))
        draw.text((_px(4), band / 2), "UTOPIA", font=big, fill="white", anchor="lm")
        draw.text((image.width / 2, band / 2), layout.title, font=small, fill=(225, 232, 235), anchor="mm")
        draw.text((image.width - _px(4), band / 2), "SPECIMEN", font=big, fill=(255, 214, 120), anchor="rm")
        if zone:
            draw.rectangle((0, image.height - _px(layout.zone), image.width, image.height), fill=(249, 249, 246))
        return image, draw

    def _watermark(self, image: Image.Image, layout: Layout, *, portrait: bool, zone: bool) -> None:
        """Print SPECIMEN across the page, under the values, so that no page can serve as a template."""
        left = _px(layout.portrait[0] + layout.portrait[2] if portrait else 0)
        size = (image.width - left, _px(layout.height - (layout.zone if zone else 0)))
        font = self._value_font(int(size[0] * 0.165))
        mark = Image.new("L", size, 0)
        ImageDraw.Draw(mark).text((size[0] / 2, size[1] * 0.56), "SPECIMEN", font=font, fill=44, anchor="mm")
        mark = mark.rotate(12, Image.Resampling.BICUBIC)
        image.paste(Image.new("RGB", mark.size, _RED), (left, 0), mark)

    def _portrait(
        self, image: Image.Image, draw: ImageDraw.ImageDraw, layout: Layout, face: Image.Image, *, engraved: bool
    ) -> None:
        x, y, width = (_px(v) for v in layout.portrait)
        height = width * 5 // 4
        shown = face.resize((width, height), Image.Resampling.LANCZOS)
        image.paste(_engraved(shown) if engraved else shown, (x, y))
        draw.rectangle((x - 2, y - 2, x + width + 1, y + height + 1), outline=layout.colours[2], width=2)
        strip = _px(3.4)  # over the clothes, never over the face
        draw.rectangle((x, y + height - strip, x + width - 1, y + height - 1), fill=(250, 244, 240))
        font = self._value_font(int(strip * 0.78))
        draw.text((x + width / 2, y + height - strip / 2), "SPECIMEN", font=font, fill=_RED, anchor="mm")
        self._signature(draw, x, y + height + _px(1.2), width, layout)

    def _signature(self, draw: ImageDraw.ImageDraw, x: int, y: int, width: int, layout: Layout) -> None:
        tall = _px(4.0 if layout.height < 80 else 6.5)
        t = np.linspace(0, 1, 160)
        wave = np.sin(t * 31) * (1 - 0.75 * t) + 0.35 * np.sin(t * 83)
        points = [
            (x + width * (0.1 + 0.75 * a) + 8 * math.sin(a * 40), y + tall * (0.5 - 0.33 * b))
            for a, b in zip(t, wave, strict=True)
        ]
        draw.line(points, fill=(38, 48, 110), width=3, joint="curve")
        draw.line((x, y + tall, x + width, y + tall), fill=layout.colours[1], width=1)

    def _ghost(
        self,
        image: Image.Image,
        place: tuple[float, float, float],
        opacity: int,
        colour: tuple[int, int, int],
        face: Image.Image,
    ) -> None:
        """The second portrait, pale and in the colour of the print; the small one is below what detectors find."""
        x, y, width = (_px(v) for v in place)
        small = face.convert("L").resize((width, width * 5 // 4), Image.Resampling.LANCZOS)
        tint = Image.merge("RGB", [small.point(lambda v, c=c: int(c + (255 - c) * v / 255)) for c in colour])
        area = image.crop((x, y, x + width, y + width * 5 // 4))
        mask = small.point(lambda v: opacity if v < 222 else 0)
        area.paste(tint, (0, 0), mask)
        image.paste(area, (x, y))

    def _mrz(self, draw: ImageDraw.ImageDraw, layout: Layout, lines: list[str]) -> None:
        """OCR-B size 1 at a constant pitch of 2.54 mm, each character on its own column (Doc 9303-3, 4.1)."""
        if not lines:
            return
        font = ImageFont.truetype(str(self._fonts / "OCRB.otf"), 41)
        pitch, spacing = DPI / 10, 6.35
        left = _px(layout.width) / 2 - pitch * (len(lines[0]) - 1) / 2
        bottom = (layout.zone - spacing * (len(lines) - 1)) / 2 - 1.2  # base line, half a letter below the centre
        for row, line in enumerate(reversed(lines)):
            y = _px(layout.height - bottom - spacing * row)
            for column, char in enumerate(line):
                draw.text((round(left + pitch * column), y), char, font=font, fill=(20, 20, 24), anchor="ms")
