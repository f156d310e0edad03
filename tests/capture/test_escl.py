"""Pages of the samples through the real SANE stack: from a network scanner (eSCL) on loopback, and by `pnm`."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest
from PIL import Image

from verify.batch.single import read_files
from verify.capture.scanner import ScanSource, devices, scan
from verify.errors import VerifyError
from verify.model.item import Role
from verify.settings import Limits, Settings

SAMPLES = Path(__file__).parents[2] / "samples" / "checkpoint"
PAGE = SAMPLES / "files" / "C001_document.jpg"
MRZ = tuple(json.loads((SAMPLES / "truth.json").read_text())["mrz"]["C001"]["document"])
AIRSCAN = any(Path("/usr/lib").glob("*/sane/libsane-airscan.so*"))
pytestmark = pytest.mark.skipif(
    shutil.which("scanimage") is None, reason="SANE is not installed: apt install sane-utils"
)
needs_airscan = pytest.mark.skipif(not AIRSCAN, reason="no driver for network scanners: apt install sane-airscan")

NAMESPACES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
SIZE = "<scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight>"
CAPS = f"""<scan:MinWidth>16</scan:MinWidth><scan:MinHeight>16</scan:MinHeight>{SIZE}
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>150</scan:XResolution><scan:YResolution>150</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution></scan:DiscreteResolution>
</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>"""
CAPABILITIES = f"""<?xml version="1.0"?><scan:ScannerCapabilities {NAMESPACES}>
<pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Loopback Scanner</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps>{CAPS}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{CAPS}</scan:AdfSimplexInputCaps></scan:Adf>
</scan:ScannerCapabilities>"""


@dataclass
class Scanner:
    """A network scanner with some sheets in its feeder; `fault` is the state that its feeder tells instead."""

    sheets: int = 1
    fault: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    gone: bool = False

    def status(self) -> str:
        state = self.fault or ("ScannerAdfLoaded" if self.sheets else "ScannerAdfEmpty")
        return (
            f'<?xml version="1.0"?><scan:ScannerStatus {NAMESPACES}><pwg:Version>2.6</pwg:Version>'
            f"<pwg:State>Idle</pwg:State><scan:AdfState>{state}</scan:AdfState></scan:ScannerStatus>"
        )

    def begin(self, settings: bytes) -> bool:
        """A job is ordered; False when the feeder has none of its sheets or is jammed."""
        tree = ElementTree.fromstring(settings)
        self.asked.append({re.sub(r"\{.*\}", "", one.tag): (one.text or "").strip() for one in tree.iter()})
        self.left = self.sheets if self.asked[-1].get("InputSource") == "Feeder" else 1
        return not self.fault and self.left > 0

    def sheet(self) -> bytes | None:
        """The next sheet, of the size that was asked for, with our page somewhere on it."""
        if self.left == 0:
            return None
        self.left -= 1
        asked = self.asked[-1]
        scale = int(asked["XResolution"]) / 300
        size = round(int(asked["Width"]) * scale), round(int(asked["Height"]) * scale)
        paper = Image.new("RGB", size, (246, 246, 244))
        with Image.open(PAGE) as page:
            small = page.resize((round(page.width * scale), round(page.height * scale)))
            paper.paste(small, (round(300 * scale), round(500 * scale)))
        data = io.BytesIO()
        paper.convert("RGB" if asked["ColorMode"] == "RGB24" else "L").save(data, "JPEG", quality=92)
        return data.getvalue()


@contextmanager
def served(scanner: Scanner) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, data: bytes = b"", kind: str = "text/xml", place: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if place:
                self.send_header("Location", place)
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            if scanner.gone:
                self.answer(503)
            elif self.path.endswith("/ScannerCapabilities"):
                self.answer(200, CAPABILITIES.encode())
            elif self.path.endswith("/ScannerStatus"):
                self.answer(200, scanner.status().encode())
            elif self.path.endswith("/NextDocument") and (sheet := scanner.sheet()) is not None:
                self.answer(200, sheet, "image/jpeg")
            else:
                self.answer(404)

        def do_POST(self) -> None:
            settings = self.rfile.read(int(self.headers["Content-Length"]))
            if scanner.begin(settings):
                self.answer(201, place=f"http://127.0.0.1:{scanner.port}/eSCL/ScanJobs/1")
            else:
                self.answer(409)

        def do_DELETE(self) -> None:
            self.answer(200)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        scanner.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scanner]:
    """A configuration of SANE with one network scanner on loopback, and no search for others."""
    scanner = Scanner()
    folder = tmp_path / "sane"
    folder.mkdir()
    with served(scanner):
        (folder / "dll.conf").write_text("airscan\n")
        device = f'"Loopback" = http://127.0.0.1:{scanner.port}/eSCL/, eSCL\n'
        (folder / "airscan.conf").write_text(f"[devices]\n{device}[options]\ndiscovery = disable\n")
        monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
        yield scanner


def read(path: Path) -> tuple[str, ...]:
    patient = Settings(face_engine="dlib", jobs=1, limits=Limits(seconds=60))
    ((reading, _pictures),) = read_files([path], patient, role=Role.DOCUMENT, reference_date=dt.date(2026, 6, 15))
    assert reading.mrz is not None, reading.mrz_reason
    return reading.mrz.lines


@pytest.mark.slow
@needs_airscan
def test_a_page_from_a_network_scanner_is_read_to_its_mrz(network: Scanner, tmp_path: Path) -> None:
    (found,) = devices()
    assert "Loopback" in found.name
    (page,) = scan(tmp_path / "out", device=found.name, operator="operator-7", resolution=300)
    asked = network.asked[-1]
    assert (asked["InputSource"], asked["XResolution"], asked["ColorMode"]) == ("Platen", "300", "RGB24")
    assert read(page.path) == MRZ


@needs_airscan
def test_a_network_scanner_that_is_gone_is_told(network: Scanner, tmp_path: Path) -> None:
    (found,) = devices()
    network.gone = True
    with pytest.raises(VerifyError, match="airscan"):
        scan(tmp_path / "out", device=found.name, operator="o")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
def test_a_page_through_the_pnm_driver_is_read_to_its_mrz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dll.conf").write_text("pnm\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    with Image.open(PAGE) as image:
        image.save(tmp_path / "page.ppm")
    (page,) = scan(tmp_path / "out", device="pnm:0", operator="o", options=("--filename", str(tmp_path / "page.ppm")))
    assert read(page.path) == MRZ


@needs_airscan
def test_the_feeder_of_a_network_scanner_is_emptied(network: Scanner, tmp_path: Path) -> None:
    network.sheets = 3
    (found,) = devices()
    pages = scan(
        tmp_path / "out",
        device=found.name,
        operator="o",
        source=ScanSource.FEEDER,
        resolution=150,
        colour=False,
        pages=0,
    )
    asked = network.asked[-1]
    assert (len(pages), asked["InputSource"], asked["ColorMode"]) == (3, "Feeder", "Grayscale8")


@needs_airscan
@pytest.mark.parametrize(("fault", "says"), [("ScannerAdfJam", "jammed"), ("ScannerAdfEmpty", "empty")])
def test_what_a_network_scanner_tells_is_said_in_plain_words(
    network: Scanner, tmp_path: Path, fault: str, says: str
) -> None:
    network.fault = fault
    (found,) = devices()
    with pytest.raises(VerifyError, match=says):
        scan(tmp_path / "out", device=found.name, operator="o", source=ScanSource.FEEDER, resolution=150)
    assert list((tmp_path / "out").iterdir()) == []
