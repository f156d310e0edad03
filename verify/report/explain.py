"""How the MRZ of one file was read, as one self-contained HTML page: strip, characters in doubt, digits, fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from verify.model.result import FileReading
from verify.report.html import environment, picture_source

__all__ = ["explain_html"]


def explain_html(name: str, reading: FileReading, pictures: Mapping[str, bytes]) -> str:
    """The page.

    Args:
        name: of the file, as it is to be shown.
        reading: of the file.
        pictures: JPEG by name, as the reading names them.
    """
    source = picture_source(lambda _item, picture: pictures.get(picture))
    case = SimpleNamespace(item_id="")
    return environment().get_template("explain.html.j2").render(name=name, reading=reading, case=case, picture=source)
