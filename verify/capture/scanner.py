"""Scanners through SANE's own program `scanimage`: flatbed and feeder, each page kept whole or not at all.

The program and not a binding: a driver that crashes takes a child process with it and nothing else. Its exit code is
the status of the SANE standard (version 1.06, section 4.2.7).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from verify.capture.original import keep_original, original_of
from verify.errors import MissingEngineError, UsageError, VerifyError
from verify.model.item import Role

__all__ = ["Device", "Scan", "ScanSource", "devices", "scan"]

_SECONDS_TO_LIST, _SECONDS_A_PAGE, _SECONDS_TO_CLOSE, _SECONDS_A_LOOK = 60, 180, 5, 0.5
_MOST_PAGES = 500
_NO_DOCUMENTS = 7
_OFFERED = re.compile(r"^ +--(source|mode|resolution)(?:\[=.*?\])? (.*?)(?: \(.*\))? \[", re.MULTILINE)
_FEEDER = re.compile(r"feeder|adf", re.IGNORECASE)
_ENDED = re.compile(r"\(scanner status = (\d+)\)\nBatch terminated")
_STATUS = {
    1: "this scanner cannot do that; choose another source, resolution or colour",
    2: "the scan was cancelled at the scanner",
    3: "the scanner is busy; wait until the other program has ended",
    4: "the scanner does not know this device name or option; see 'verify capture devices'",
    5: "the scanner sent no more data than nothing; switch it off and on",
    6: "paper is jammed in the feeder; clear it and go on with the page named",
    7: "the feeder is empty; put pages in",
    8: "the cover is open; close it",
    9: "the scanner reported an input or output error; check cable and power",
    10: "the scanner's driver ran out of memory; choose a lower resolution",
    11: "access to the scanner is denied; add this user to the group 'scanner'",
}


class ScanSource(StrEnum):
    """Where the paper lies."""

    FLATBED = "flatbed"
    FEEDER = "feeder"


@dataclass(frozen=True, slots=True)
class Device:
    """A scanner.

    Attributes:
        name: as `scan` takes it.
        label: maker and model, for a person.
    """

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One page as it came from the scanner; written beside it as `<page>.json`.

    Attributes:
        path: the PNG; never written again.
        sha256: of its bytes.
        device, source, resolution, colour: how it was made; the resolution in dots per inch.
        taken: aware UTC time.
        operator: who scanned.
    """

    path: Path
    sha256: str
    device: str
    source: ScanSource
    resolution: int
    colour: bool
    taken: dt.datetime
    operator: str


def devices() -> tuple[Device, ...]:
    """The scanners that SANE finds.

    Raises:
        MissingEngineError: `scanimage` is not installed.
        VerifyError: it did not answer.
    """
    try:
        found = subprocess.run(
            [_program(), "--formatted-device-list=%d%t%v %m%n".replace("%t", "\t")],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS_TO_LIST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise VerifyError("the search for scanners took too long; unplug what does not answer") from error
    rows = (line.partition("\t") for line in found.stdout.splitlines() if "\t" in line)
    return tuple(Device(name, label.strip()) for name, _tab, label in rows)


def scan(
    folder: Path,
    *,
    device: str,
    operator: str,
    source: ScanSource = ScanSource.FLATBED,
    resolution: int = 300,
    colour: bool = True,
    pages: int = 1,
    options: tuple[str, ...] = (),
    told: Callable[[Scan], None] = lambda page: None,
) -> list[Scan]:
    """Scans one page, or what is in the feeder.

    Args:
        folder: for the pages; made if it is not there. Nothing in it is overwritten.
        device: name of the scanner.
        operator: who scans.
        source: flatbed or feeder.
        resolution: dots per inch.
        colour: or grey.
        pages: of the feeder at most; 0 takes all.
        options: further options of this scanner, as `scanimage` takes them.
        told: called with each page that is kept.

    Returns:
        The pages, in order.

    Raises:
        MissingEngineError: `scanimage` is not installed.
        UsageError: the folder cannot be written.
        VerifyError: the scanner failed; the message says what to do, and how many pages were kept.
    """
    wanted = 1 if source is ScanSource.FLATBED else pages or _MOST_PAGES
    command = [_program(), f"--device-name={device}", "--format=png", f"--batch-count={wanted}"]
    command += _chosen(device, options, source, resolution, colour)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".scan-") as name:
            fresh = Path(name)
            batch = [f"--batch={fresh / '%d.png'}", "--batch-print"]
            status, names = _batch([*command, *batch, *options], fresh, _SECONDS_A_PAGE * wanted)
            # only what scanimage names as finished: of a page that failed it leaves a broken file behind
            whole = [Path(name) for name in names if Path(name).parent == fresh]
            kept = [_kept(path, folder, device, source, resolution, colour, operator) for path in whole]
    except subprocess.TimeoutExpired as error:
        raise VerifyError(f"{device}: did not finish in time; switch it off and on") from error
    except OSError as error:
        raise UsageError(f"{folder}: the scan cannot be kept ({error.strerror}); choose another folder") from error
    for page in kept:
        told(page)
    if status != 0 and not (status == _NO_DOCUMENTS and kept):
        what = _STATUS.get(status, f"failed with status {status}")
        raise VerifyError(f"{device}: {what} ({len(kept)} pages were kept)")
    return kept


def _chosen(device: str, options: tuple[str, ...], source: ScanSource, resolution: int, colour: bool) -> list[str]:
    """What is asked of this scanner, in its driver's own words: a feeder has another name in each.

    Raises:
        VerifyError: it does not answer, or has no feeder.
    """
    command = [_program(), f"--device-name={device}", *options, "--all-options"]
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS_TO_LIST, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise VerifyError(f"{device}: did not answer in time; switch it off and on") from error
    offered = {name: values.split("|") for name, values in _OFFERED.findall(said.stdout)}
    wanted = {"resolution": str(resolution), "mode": "Color" if colour else "Gray"}
    if source is ScanSource.FEEDER:
        feeders = (one for one in offered.get("source", ()) if _FEEDER.search(one) and "duplex" not in one.lower())
        name = next(feeders, None)
        if said.returncode == 0 and name is None:
            raise VerifyError(f"{device}: this scanner has no feeder; scan from the flatbed")
        wanted["source"] = name or "Automatic Document Feeder"
    # of a scanner that does not answer everything is asked: what it then fails with says why
    return [f"--{name}={value}" for name, value in wanted.items() if said.returncode or name in offered]


def _batch(command: list[str], folder: Path, seconds: float) -> tuple[int, list[str]]:
    """Runs scanimage; gives its status and what it printed, line by line.

    Some drivers hang when they are closed after an error. What scanimage said before counts then, so that the operator
    hears of the open cover at once and not of a scanner that did not finish.
    """
    said = folder / "said"
    with said.open("wb") as errors, (folder / "names").open("wb") as names:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=names, stderr=errors)
        try:
            limit, status = time.monotonic() + seconds, None
            while status is None:
                ended = _ENDED.search(said.read_text(errors="replace"))
                try:
                    wait = _SECONDS_TO_CLOSE if ended else _SECONDS_A_LOOK
                    status = process.wait(min(wait, max(0.0, limit - time.monotonic())))
                except subprocess.TimeoutExpired:
                    if ended:
                        status = int(ended[1])
                    elif time.monotonic() >= limit:
                        raise
        finally:
            process.kill()
            process.wait()
    return status, (folder / "names").read_text(errors="replace").splitlines()


def _program() -> str:
    found = shutil.which("scanimage")
    if found is None:
        raise MissingEngineError("scanimage is not installed (Debian: apt-get install sane-utils)")
    return found


def _kept(
    path: Path, folder: Path, device: str, source: ScanSource, resolution: int, colour: bool, operator: str
) -> Scan:
    """Keeps a page under a name of its own, with the record of how it was made."""
    data = path.read_bytes()
    told = original_of(
        data,
        suffix=".png",
        device=device,
        operator=operator,
        role=Role.DOCUMENT,
        number=int(path.stem),  # two blank pages are alike
        source=source.value,
        resolution=resolution,
        colour=colour,
    )
    place = keep_original(folder, told, data)
    return Scan(place, told.sha256, device, source, resolution, colour, told.taken, operator)
