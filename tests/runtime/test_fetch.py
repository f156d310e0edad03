"""Files of models: what is not the file of its card never takes its place."""

from __future__ import annotations

import hashlib
import io
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from verify.errors import MissingEngineError, PolicyError, UsageError
from verify.runtime import ModelCard, ModelFile, load_file
from verify.runtime.fetch import fetch, is_fetched

DATA = bytes(range(256)) * 4000


def card(data: bytes = DATA, url: str = "https://publisher.example/n.onnx") -> ModelCard:
    sha256 = hashlib.sha256(data).hexdigest()
    return ModelCard("n", "MIT", "s", sha256, (ModelFile("n.onnx", "network", "MIT", url, len(data), sha256),))


class Publisher:
    """Stands for the network: answers with what it holds, from where it is asked to."""

    def __init__(self, data: bytes, *, resumes: bool = True) -> None:
        self.data, self.resumes = data, resumes
        self.ranges: list[str | None] = []

    def __call__(self, request: urllib.request.Request, timeout: float) -> Any:
        assert timeout > 0
        self.ranges.append(request.get_header("Range"))
        start = int(self.ranges[-1].removeprefix("bytes=").rstrip("-")) if self.ranges[-1] and self.resumes else 0
        answer = urllib.request.addinfourl(io.BytesIO(self.data[start:]), Message(), request.full_url)
        answer.code = 206 if start else 200
        return answer


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Publisher:
    one = Publisher(DATA)
    monkeypatch.setattr(urllib.request, "urlopen", one)
    return one


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "n.onnx").write_bytes(DATA)
    return tmp_path / "mirror"


def test_a_mirror_is_enough(tmp_path: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_: pytest.fail("no network was asked for"))
    folder = tmp_path / "deep" / "models"
    assert not is_fetched(card(), folder)
    assert fetch(card(), folder, mirror=mirror) == [folder / "n.onnx"]
    assert is_fetched(card(), folder)
    assert load_file(card(), "network", folder) == DATA
    assert fetch(card(), folder, mirror=mirror) == [], "what is there is not got again"
    assert [path.name for path in folder.iterdir()] == ["n.onnx"]


def test_a_download_is_checked_and_told(tmp_path: Path, publisher: Publisher) -> None:
    seen: list[int] = []
    assert fetch(card(), tmp_path, told=lambda _file, done: seen.append(done)) == [tmp_path / "n.onnx"]
    assert (tmp_path / "n.onnx").read_bytes() == DATA
    assert seen == sorted(seen)
    assert seen[-1] == len(DATA)
    assert publisher.ranges == [None]


@pytest.mark.parametrize("resumes", [True, False])
def test_a_download_that_broke_off_is_gone_on_with(tmp_path: Path, publisher: Publisher, resumes: bool) -> None:
    publisher.resumes = resumes
    (tmp_path / "n.onnx.part").write_bytes(DATA[:1000])
    fetch(card(), tmp_path)
    assert publisher.ranges == ["bytes=1000-"]
    assert (tmp_path / "n.onnx").read_bytes() == DATA


@pytest.mark.parametrize("sent", [DATA[:-1], DATA + b"x", DATA[:-1] + b"x", b""])
def test_another_file_is_refused_and_deleted(tmp_path: Path, publisher: Publisher, sent: bytes) -> None:
    publisher.data = sent
    with pytest.raises(PolicyError, match="where the card says"):
        fetch(card(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_file_on_the_mirror_is_refused(tmp_path: Path, mirror: Path) -> None:
    (mirror / "n.onnx").write_bytes(DATA[::-1])
    with pytest.raises(PolicyError, match="SHA-256"):
        fetch(card(), tmp_path / "models", mirror=mirror)
    assert not (tmp_path / "models" / "n.onnx").exists()


def test_a_damaged_file_is_got_again(tmp_path: Path, mirror: Path) -> None:
    (tmp_path / "n.onnx").write_bytes(DATA[::-1])
    assert is_fetched(card(), tmp_path), "in its size"
    with pytest.raises(MissingEngineError, match="SHA-256 differs"):
        load_file(card(), "network", tmp_path)
    assert fetch(card(), tmp_path, mirror=mirror)
    assert load_file(card(), "network", tmp_path) == DATA


def test_only_encrypted_addresses_are_asked(tmp_path: Path, publisher: Publisher) -> None:
    for url in ("http://publisher.example/n.onnx", "file:///etc/passwd", ""):
        with pytest.raises(UsageError, match="names no publisher"):
            fetch(card(url=url), tmp_path)
    assert publisher.ranges == []


def test_a_missing_file_says_what_to_do(tmp_path: Path, mirror: Path) -> None:
    (mirror / "n.onnx").unlink()
    with pytest.raises(UsageError, match=r"n\.onnx: No such file"):
        fetch(card(), tmp_path, mirror=mirror)
    with pytest.raises(MissingEngineError, match="verify models fetch"):
        load_file(card(), "network", tmp_path)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (urllib.error.URLError("no route"), "cannot be reached"),
        (urllib.error.HTTPError("https://x.example", 404, "gone", Message(), io.BytesIO()), "answered 404"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_without_a_network_the_message_names_the_mirror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    with pytest.raises(UsageError, match=words):
        fetch(card(), tmp_path)
