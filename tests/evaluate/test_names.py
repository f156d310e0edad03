from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.evaluate import command
from verify.errors import UsageError
from verify.evaluate import NamesReport, evaluate_names

PAIRS = "name1\tname2\tlabel\tnote\nAnna Berg\tBERG ANNA\t1\t\nAnna Berg\tОтто Вольф\t0\tx\n☺\tAnna\t0\nAnna\n"


def test_one_number_a_pair_in_their_order(tmp_path: Path) -> None:
    path, out = tmp_path / "pairs.tsv", io.StringIO()
    path.write_text(PAIRS, encoding="utf-8")
    assert evaluate_names(path, out) == NamesReport(4, 2)
    first, second, third, fourth = map(float, out.getvalue().splitlines())
    assert first == 1.0 and 0.0 <= second < 0.5 and third == fourth == 0.0


@pytest.mark.parametrize("content", [b"", b"name1,name2\na,b\n", b"name1\tname2\n\xff\tb\n"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"pairs\.tsv"):
        evaluate_names(path, io.StringIO())
    with pytest.raises(UsageError, match="missing"):
        evaluate_names(tmp_path / "missing", io.StringIO())


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(PAIRS, encoding="utf-8")
    done = CliRunner().invoke(command, ["names", str(tmp_path / "pairs.tsv"), "--out", str(tmp_path / "scores.txt")])
    assert (done.exit_code, done.output) == (0, "4 pairs compared, 2 of them not comparable\n")
    assert len((tmp_path / "scores.txt").read_text(encoding="ascii").splitlines()) == 4
