from __future__ import annotations

import verify.gallery as room


def test_every_public_name_is_there_once() -> None:
    assert len(set(room.__all__)) == len(room.__all__)
    assert [name for name in room.__all__ if not hasattr(room, name)] == []
