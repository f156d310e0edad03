from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from verify.errors import PolicyError, VerifyError
from verify.model.chip import ChipOutcome, ChipReading
from verify.model.face import Box
from verify.model.outcome import Outcome
from verify.model.seal import CodeReading, SealReading, SealState
from verify.model.viz import VizLine, VizLook, VizReading
from verify.report import Report, write_html
from verify.report.words import CHIP, CLEAN, CONCLUSIONS, PURPOSE, SEAL, WHAT_TO_DO

VOID = {"meta", "img", "br", "path", "circle", "rect"}
FORBIDDEN = r"fraud\w*|fake\w*|match\w*|hits?|suspect\w*|mismatch\w*|forg\w+"


class Page(HTMLParser):
    """Collects text, tags, attributes and the levels of headings, and checks that elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.levels: list[int] = []
        self.words: list[str] = []
        self.feed(html)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {}))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def render(report: Report) -> str:
    stream = io.StringIO()
    write_html(report, stream)
    return stream.getvalue()


@pytest.fixture
def html(report: Report) -> str:
    return render(report)


@pytest.fixture
def page(html: str) -> Page:
    return Page(html)


def test_nothing_is_requested(html: str, page: Page) -> None:
    assert {tag for tag, _ in page.tags} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
    } == set()
    targets = [value for _, attrs in page.tags for name, value in attrs.items() if name in {"src", "href", "srcset"}]
    assert len(targets) > 20
    assert [target for target in targets if not target.startswith(("data:image/jpeg;base64,", "#"))] == []
    assert re.search(r"url\(|@import|https?:|//[a-z]", re.sub(r"base64,[^\"]+", "", html).replace("x://y", "")) is None
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    policy = next(attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


def test_hostile_names_are_shown_and_not_obeyed(html: str, make: SimpleNamespace) -> None:
    assert "&lt;script&gt;alert(" in html
    assert "[U+202E]gnp.exe[U+0007]" in html
    assert not set("\u202e\u2066\x07") & set(html)
    assert f"<bdi>{make.formula.replace(chr(34), '&#34;')}</bdi>" in html
    assert "<script" not in html
    assert "<b>" not in html  # the item id X-004<b>


def test_unpaired_surrogates_can_be_written(make: SimpleNamespace) -> None:
    html = render(make.synthetic(run=make.run(purpose="search \udcff")))
    assert "search [U+DCFF]" in html
    html.encode("utf-8")


def test_words_of_judgement_do_not_appear(page: Page) -> None:
    assert re.findall(rf"\b(?:{FORBIDDEN})\b", page.text, re.IGNORECASE) == []
    assert re.findall(r"\d\s?(?:%|per ?cent)", page.text) == []


def test_scores_and_ranks_are_hidden(html: str, page: Page) -> None:
    for value in ("0.61234", "0.50987", "0.87", "0.1234567"):
        assert value not in html
    assert "Face similarity" in page.text
    assert "hidden until a first judgement is saved" in page.text
    # Rank 1 is M-0311: the order must not tell.
    assert page.text.index("M-0107") < page.text.index("M-0311")


def test_counts_and_gaps_are_named(page: Page) -> None:
    for part in ("Damaged", WHAT_TO_DO[Outcome.DAMAGED], "scans/0005.jpg", "The stream ends after 4 kB."):
        assert part in page.text
    assert re.search(r"All\s*6\s*With findings\s*4\s*Without findings\s*2", page.text)
    assert re.search(r"Pass\s*12\s*Finding\s*3\s*Not applicable\s*5\s*Not computable\s*7", page.text)
    assert re.search(r"C01 chip signature\s*4\s*no chip data", page.text)
    assert "no face was found on the page" in page.text


def test_the_overview_starts_with_the_most_severe(html: str) -> None:
    table = html[html.index('<section id="overview">') : html.index('<section id="charts">')]
    assert re.findall(r'href="#item-(\d)"', table) == ["3", "2", "6", "4", "5", "1"]
    counts = [re.findall(r'<td class="number">(\d+)</td>', row) for row in table.split("<tr>")[2:]]
    assert counts == [["1", "1", "0"]] * 4 + [["0", "5", "1"], ["0", "1", "0"]]


def test_every_fact_of_the_run_is_told(page: Page, make: SimpleNamespace) -> None:
    run = make.run()
    told = [
        run.operator,
        run.purpose,
        run.profile,
        run.manifest_sha256,
        run.audit_head,
        run.audit_public_key,
        run.audit_signature,
        "214 entries",
        "2026-12-20",
    ]
    told += [text for engine in run.engines for text in (engine.role, engine.name, engine.sha256)]
    told += [
        text for one in run.thresholds for text in (str(one.value), one.rate, one.data_set, one.measured, one.note)
    ]
    told += [text for one in run.galleries for text in (one.name, one.version, str(one.size))]
    for text in (*told, *run.policy, *run.sandbox_layers, *CLEAN, *CONCLUSIONS, PURPOSE):
        assert text in page.text, text


def test_the_mrz_marks_what_is_at_fault(html: str) -> None:
    assert '<mark>L8989</mark><mark><span class="forced">0</span></mark><mark>2C34</mark>UTO7408122F' in html


def test_a_candidate_names_its_source_and_age(page: Page) -> None:
    for part in (
        "212 days at inspection",
        "its review was due on 2026-10-14",
        "Police Act s. 12",
        "MP/M-0311",
    ):
        assert part in page.text
    assert page.text.count("Re-check at the source before acting.") == 3


def test_a_batch_wide_finding_stands_on_its_item_and_links(html: str) -> None:
    card = html[html.index('id="item-6"') :]
    assert "One face with two identities" in card
    assert '<a href="#item-3"><bdi>X-003</bdi></a>' in card


def test_quiet_items_are_folded_and_have_no_pictures(html: str) -> None:
    quiet = html[html.index('<section id="quiet">') :]
    assert re.findall(r'<details class="quiet" id="item-(\d)">', quiet) == ["1", "5"]
    assert "<img" not in quiet
    assert "Decision" not in quiet


def test_pictures_of_victims_are_folded(html: str) -> None:
    folded = re.findall(r'<details class="folded">.*?</details>', html, re.DOTALL)
    assert len(folded) == 1
    assert "Reference picture of M-0107" in folded[0]


def test_the_page_is_accessible(page: Page) -> None:
    assert ("html", {"lang": "en"}) in page.tags
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert all(attrs.get("alt") for tag, attrs in page.tags if tag == "img")
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in page.tags if tag == "th")
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert links <= {f"#{one}" for one in ids}


def test_text_contrast_is_at_least_four_and_a_half(html: str) -> None:
    """Contrast ratio of WCAG 2.2, 1.4.3, of every text colour on every background used."""
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", html))

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    texts = ("ink", "soft", "accent", "info", "review", "strong", "critical")
    for text in texts:
        for ground in ("#ffffff", colours["wash"], colours["doubt"]):
            assert (luminance(ground) + 0.05) / (luminance(colours[text]) + 0.05) >= 4.5, (text, ground)
    assert (luminance(colours["mark"]) + 0.05) / (luminance(colours["ink"]) + 0.05) >= 4.5


def test_a_picture_that_is_not_kept_is_said(make: SimpleNamespace) -> None:
    html = render(make.synthetic(picture=lambda item_id, name: None))
    assert "<img" not in html
    assert "no picture kept" in html
    assert "(picture not kept)" in html


@pytest.mark.parametrize("gap", [{"job_id": ""}, {"engines": ()}])
def test_a_run_without_its_facts_gives_no_report(make: SimpleNamespace, gap: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="complete the run's record"):
        make.synthetic(run=make.run(**gap))


def test_a_run_without_thresholds_says_that_no_faces_were_compared(make: SimpleNamespace) -> None:
    text = Page(render(make.synthetic(run=make.run(thresholds=())))).text
    assert "no threshold was measured for the face engine of this run, so no faces were compared" in text


def test_items_that_can_be_read_once_are_refused(make: SimpleNamespace) -> None:
    with pytest.raises(VerifyError, match="several times"):
        make.synthetic(items=iter(make.results()))


def test_a_batch_wide_finding_without_its_item_is_an_error(make: SimpleNamespace) -> None:
    lost = (("X-999", make.synthetic().linkage[0][1]),)
    with pytest.raises(VerifyError, match="X-999"):
        render(make.synthetic(linkage=lost))


def test_a_run_without_items_or_findings_says_so(make: SimpleNamespace) -> None:
    text = Page(render(make.synthetic(items=(), linkage=()))).text
    assert "No item has findings." in text
    assert "Everything that was called for could be computed." in text


def test_a_large_run_is_written_in_pieces(make: SimpleNamespace) -> None:
    sizes: list[int] = []
    stream = SimpleNamespace(write=lambda piece: sizes.append(len(piece)))
    one = make.results()[1]
    write_html(make.synthetic(items=(one,) * 50, linkage=()), stream)
    assert len(sizes) > 50
    assert max(sizes) < sum(sizes) / 20


def test_printed_lines_stand_where_they_were_read(make: SimpleNamespace) -> None:
    def line(text: str, top: int) -> VizLine:
        return VizLine((VizLook(text, (9.0,) * len(text)),), Box(10, top, 200, top + 20))

    first = make.results()[0]
    viz = VizReading("engine 1", (line("Sex", 10), line(make.hostile, 40)), "the time ran out")
    reading = replace(first.readings[0], viz=viz)
    page = render(make.synthetic(items=(replace(first, readings=(reading,)),), linkage=()))
    assert "Printed fields" in page
    assert 'aria-label="The printed lines as read' in page
    assert "Printed lines may be missing: the time ran out" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_chip_and_seal_are_told_in_words(make: SimpleNamespace) -> None:
    assert set(CHIP) == set(ChipOutcome)
    assert set(SEAL) == set(SealState)
    first = make.results()[0]
    seal = SealReading(SealState.SIGNER_UNKNOWN, document_type=make.hostile)
    codes = (CodeReading("DataMatrix", 1, 90, "ab" * 32, seal), CodeReading("PDF417", 1, 9, "ab" * 32))
    chip = ChipReading((ChipOutcome.DIGEST_OK, ChipOutcome.CHAIN_UNKNOWN), irregularities=(make.hostile,))
    reading = replace(first.readings[0], chip=chip, codes=codes)
    page = render(make.synthetic(items=(replace(first, readings=(reading,)),), linkage=()))
    for word in (
        "is not in the trust store",
        "HASH_OK",
        "Digital seal",
        "neither a seal nor a licence",
    ):
        assert word in page
    assert "<script>alert" not in page


def test_a_chip_alone_names_its_document(make: SimpleNamespace) -> None:
    first = next(one for one in make.results() if one.readings[0].mrz is not None)
    mrz = first.readings[0].mrz
    chip = ChipReading((ChipOutcome.DIGEST_OK,), mrz=mrz)
    page = render(
        make.synthetic(items=(replace(first, readings=(replace(first.readings[0], mrz=None, chip=chip),)),), linkage=())
    )
    assert f"chip: {mrz.format} {mrz.value('issuing_state')} {mrz.value('document_number')}" in page
