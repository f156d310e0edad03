"""The command line: help for everything, documented exit codes, results on stdout and the rest on stderr."""

from __future__ import annotations

import csv
import importlib
import io
import json
import pkgutil
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

import verify.cli
from verify import __version__
from verify.batch.single import Comparison
from verify.cli import main
from verify.errors import ExitCode
from verify.gallery import Gallery
from verify.model.gallery import EntryKind
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.model.score import Threshold
from verify.vault.keys import load_key_file

ROOT = Path(__file__).parents[2]
HEAVY = ("cv2", "onnxruntime", "numpy", "PIL", "pydantic", "sqlcipher3", "rich", "jinja2", "pypdfium2")


@dataclass
class Said:
    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """`verify ARGUMENTS` in an empty folder, without any VERIFY_* of the machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VERIFY_KEY_FILE", raising=False)

    def verify_(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["verify", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, told.out, told.err)

    yield verify_


def commands() -> Iterator[tuple[str, ...]]:
    """Every command and subcommand, as words."""
    for name in verify.cli._COMMANDS:
        command = importlib.import_module(f"verify.cli.{name}").command
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, sub) for sub in command.commands)


def test_help_answers_at_once_without_the_engines() -> None:
    script = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([one for one in {HEAVY!r} if one in sys.modules], file=sys.stderr))\n"
        "sys.argv = ['verify', '--help']\n"
        "from verify.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
    for name in verify.cli._COMMANDS:
        assert re.search(rf"^  {name} +\S", done.stdout, re.MULTILINE), name


@pytest.mark.parametrize("words", [("run",), ("read",), ("compare",), ("gallery", "enrol"), ("job", "export")])
def test_the_help_of_a_command_loads_no_engine(words: tuple[str, ...]) -> None:
    script = (
        "import sys, atexit\n"
        "heavy = ('cv2', 'onnxruntime')\n"
        "atexit.register(lambda: print([one for one in heavy if one in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['verify', *{words!r}, '--help']\n"
        "from verify.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_each_module_is_a_command_that_is_listed() -> None:
    modules = {one.name for one in pkgutil.iter_modules(verify.cli.__path__) if not one.name.startswith("_")}
    assert modules == set(verify.cli._COMMANDS)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_help_for_itself_and_its_options(call: Call, words: tuple[str, ...]) -> None:
    said = call(*words, "--help")
    assert said.code == 0
    assert said.err == ""
    assert f"Usage: verify {' '.join(words)}" in said.out
    command: click.Command = importlib.import_module(f"verify.cli.{words[0]}").command
    if len(words) > 1:
        assert isinstance(command, click.Group)
        command = command.commands[words[1]]
    assert command.help
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []


def test_version(call: Call) -> None:
    assert call("--version") == Said(0, f"verify, version {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Usage: verify"),
        (("nonsense",), "No such command 'nonsense'"),
        (("run",), "Missing argument"),
        (("run", "m.csv", "--purpose", "p"), "--job"),
        (("run", "m.csv", "--job", "j"), "--purpose"),
        (("run", "m.csv", "--job", "j", "--purpose", "p", "--jobs", "0"), "--jobs"),
        (("read",), "Missing argument"),
        (("read", "a.jpg", "--format", "xml"), "--format"),
        (("read", "a.jpg", "--date", "15.06.2026"), "YYYY-MM-DD"),
        (("compare", "a.jpg"), "Missing argument"),
        (("gallery", "enrol", "t.csv", "--gallery", "g", "--kind", "document"), "--kind"),
        (("read", "a.jpg", "--settings", "missing.toml"), "cannot read the settings file"),
        (("run", "m.csv", "--job", "j", "--purpose", "p"), "--key-file"),
        (("job", "status", "j"), "verify key create"),
        (("gallery", "list", "--gallery", "g"), "VERIFY_KEY_FILE"),
        (("key", "create", "missing/k"), "cannot be written"),
    ],
)
def test_a_wrong_call_ends_with_2_and_words_on_stderr(call: Call, words: tuple[str, ...], says: str) -> None:
    said = call(*words)
    assert said.code == ExitCode.USAGE
    assert said.out == ""
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_key_is_made_once(call: Call, tmp_path: Path) -> None:
    said = call("key", "create", "my.key")
    assert (said.code, said.out) == (0, "")
    assert "safe place" in said.err
    first = (tmp_path / "my.key").read_bytes()
    assert stat.S_IMODE((tmp_path / "my.key").stat().st_mode) == 0o600
    again = call("key", "create", "my.key")
    assert again.code == ExitCode.USAGE
    assert "not overwritten" in again.err
    assert (tmp_path / "my.key").read_bytes() == first


def test_a_key_that_is_missing_or_open_to_others_is_a_matter_of_policy(call: Call, tmp_path: Path) -> None:
    for says in ("cannot be read", "chmod 600"):
        said = call("job", "status", "j", "--key-file", "my.key")
        assert (said.code, said.out) == (ExitCode.POLICY, "")
        assert says in said.err
        if not (tmp_path / "my.key").exists():
            call("key", "create", "my.key")
            (tmp_path / "my.key").chmod(0o644)


@pytest.mark.parametrize(
    ("manifest", "code", "says"),
    [
        (None, ExitCode.USAGE, "cannot read the manifest"),
        ("schema_version,item_id\n", ExitCode.USAGE, "m.csv:1: missing column"),
        ("schema_version,item_id,role,path,inspection_date\n", ExitCode.NO_INPUTS, "names no item"),
    ],
)
def test_a_manifest_that_cannot_be_used_ends_before_a_job_begins(
    call: Call, tmp_path: Path, manifest: str | None, code: ExitCode, says: str
) -> None:
    call("key", "create", "my.key")
    if manifest is not None:
        (tmp_path / "m.csv").write_text(manifest)
    said = call("run", "m.csv", "--job", "job", "--purpose", "p", "--key-file", "my.key")
    assert (said.code, said.out) == (code, "")
    assert says in said.err
    assert not (tmp_path / "job").exists()


def test_a_list_that_cannot_be_used_ends_before_a_job_begins(call: Call, tmp_path: Path) -> None:
    call("key", "create", "my.key")
    (tmp_path / "m.csv").write_text("schema_version,item_id,role,path,inspection_date\n1,A,document,a.jpg,2026-06-15\n")
    (tmp_path / "list.csv").write_text("no,columns,of,ours\n")
    common = ("run", "m.csv", "--job", "job", "--purpose", "p", "--key-file", "my.key")
    assert call(*common, "--watchlist", "list.csv").code == ExitCode.USAGE
    assert call(*common, "--watchlist", "missing.csv").code == ExitCode.USAGE
    assert call(*common, "--gallery", "missing").code in (ExitCode.USAGE, ExitCode.POLICY)
    assert not (tmp_path / "job").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("job", "status", "nothing"),
        ("audit", "check", "nothing"),
        ("job", "export", "nothing", "out"),
        ("job", "purge", "nothing", "--yes"),
    ],
)
def test_a_folder_without_a_job_is_refused(call: Call, words: tuple[str, ...]) -> None:
    call("key", "create", "my.key")
    said = call(*words, "--key-file", "my.key")
    assert said.code == ExitCode.USAGE
    assert "no job here" in said.err


def test_settings_are_shown_with_value_and_meaning(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "verify.toml").write_text("candidates = 17\n[limits]\nseconds = 12.5\n")
    monkeypatch.setenv("COLUMNS", "200")
    said = call("settings", "--profile", "specimen")
    assert said.code == 0
    for line in (r"candidates +17 +\w", r"limits\.seconds +12\.5 +\w", r"profile +specimen +'"):
        assert re.search(line, said.out), line


def test_an_interruption_ends_with_130(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.vault.keys.create_key_file", interrupted)
    said = call("key", "create", "my.key")
    assert (said.code, said.out) == (ExitCode.INTERRUPTED, "")
    assert "interrupted" in said.err


def test_a_comparison_without_a_face_decides_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    threshold = Threshold(0.9, "faces 1", "ab" * 32, "FNMR 0.01", "a data set", "2026-06-01")
    good = FileReading(FileOutcome("capture", "a.jpg", Outcome.OK))
    bad = FileReading(FileOutcome("capture", "b.jpg", Outcome.DAMAGED, "is empty"), face_reason="the file is damaged")
    result = Comparison(None, threshold, "no face was acquired from b.jpg", (good, bad))
    monkeypatch.setattr("verify.batch.single.compare_files", lambda probe, reference, settings: result)
    said = call("compare", "a.jpg", "b.jpg")
    assert said.code == ExitCode.SOME_UNREADABLE
    assert said.out == "not computable: no face was acquired from b.jpg\n"
    assert "b.jpg: is empty" in said.err


def test_reading_shows_what_could_not_be_read_in_each_form(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = [
        FileReading(FileOutcome("document", "a.jpg", Outcome.OK), mrz_reason="no MRZ was found"),
        FileReading(FileOutcome("document", "b.jpg", Outcome.REFUSED, "does not exist"), mrz_reason="refused"),
    ]
    monkeypatch.setattr("verify.batch.single.read_files", lambda *_, **__: iter((one, {}) for one in readings))
    said = {form: call("read", "a.jpg", "b.jpg", "--format", form) for form in ("table", "jsonl", "csv")}
    assert {one.code for one in said.values()} == {ExitCode.SOME_UNREADABLE}
    assert {one.err for one in said.values()} == {""}
    assert "b.jpg: refused: does not exist" in said["table"].out
    assert "no MRZ was found" in said["table"].out
    lines = [json.loads(line) for line in said["jsonl"].out.splitlines()]
    assert [(line["outcome"], line["reason"], line["mrz"]) for line in lines] == [
        ("ok", "no MRZ was found", None),
        ("refused", "does not exist", None),
    ]
    rows = list(csv.DictReader(io.StringIO(said["csv"].out)))
    assert [(row["file"], row["outcome"], row["reason"]) for row in rows] == [
        ("a.jpg", "ok", "no MRZ was found"),
        ("b.jpg", "refused", "does not exist"),
    ]


def test_which_lists_a_gallery_may_be_searched_with_is_said_by_the_kinds_own_names(call: Call, tmp_path: Path) -> None:
    call("key", "create", "my.key")
    Gallery.create(
        tmp_path / "g",
        load_key_file(tmp_path / "my.key"),
        name="g",
        kind=EntryKind.MISSING_PERSON,
        engine="dlib",
        model_sha256="ab" * 32,
    ).close()
    said = call(
        "gallery", "allow", "--gallery", "g", "--kind", "nominal", "--reason", "order 7", "--key-file", "my.key"
    )
    assert (said.code, "nominal" in said.out) == (ExitCode.OK, True)
