"""Enrolling a gallery anew after a change of engine or model, from the reference pictures that it keeps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from verify.batch.engines.local import Pool
from verify.batch.readings import read_items
from verify.batch.scratch import scratch_folder
from verify.gallery import Gallery
from verify.model.face import FaceRole, FaceTemplate
from verify.model.item import Item, ItemFile, Role
from verify.settings import Settings

__all__ = ["reenrol"]


def reenrol(directory: Path, kek: bytes, settings: Settings, operator: str) -> dict[str, int]:
    """Gives every entry templates of the engine in the settings; all of them or, when anything fails, none.

    Args:
        directory: of the gallery.
        kek: the key that opens it.
        settings: engine and limits.
        operator: who answers for it.

    Returns:
        Templates of each entry; 0 for one that takes part by its other data.
    """
    with (
        Gallery.open(directory, kek, write=True, operator=operator) as gallery,
        Pool[tuple[int, int]](settings) as pool,
    ):
        pool.start()
        found = _templates(gallery, pool, settings)
        return dict(
            gallery.change_model(
                pool.engines["face"], pool.engines["face_sha256"], lambda reference_id, _: found.get(reference_id, [])
            )
        )


def _templates(gallery: Gallery, pool: Pool[tuple[int, int]], settings: Settings) -> dict[str, list[FaceTemplate]]:
    found = {}
    today = dt.datetime.now(dt.UTC).date()
    with scratch_folder() as root:
        items = list[tuple[int, Item]]()
        ids: list[str] = []
        for entry in gallery.entries():
            picture = gallery.picture(entry.reference_id)
            if picture is not None:
                number = len(ids)
                ids.append(entry.reference_id)
                (root / f"{number}.jpg").write_bytes(picture)
                items.append((number, Item(str(number), today, (ItemFile(Role.CAPTURE, f"{number}.jpg"),))))
        for one in read_items(root, iter(items), pool, settings):
            faces = [face for face in one.readings[0].faces if face.role is FaceRole.LIVE]
            found[ids[one.position]] = faces[:1]
    return found
