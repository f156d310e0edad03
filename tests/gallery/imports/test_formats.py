from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.errors import UsageError
from verify.gallery.imports import FORMATS, Given, ImportResult, read_list, recognised
from verify.gallery.imports.json_values import MAX_VALUE
from verify.model.gallery import DocumentStatus, EntryKind, ListedDocument, Name, PartialDate

ALL = {
    "source": "Desk",
    "entry_kind": "nominal",
    "owner": "Border Police",
    "legal_basis": "Act 12",
    "purpose": "missing persons",
    "collected": "2026-01-01",
    "review_by": "2027-01-01",
    "expires": "2028-01-01",
}
GIVEN = Given(ALL)
NOTICE = {
    "entity_id": "2099/90001",
    "name": "ERIKSSON",
    "forename": "ANNA MARIA",
    "birth_name": "BERG",
    "date_of_birth": "1974/08/12",
    "nationalities": ["DE", "UTO"],
    "sex_id": "F",
}
PERSON = {
    "id": "p1",
    "schema": "Person",
    "properties": {
        "name": ["Anna Maria Eriksson"],
        "firstName": ["Anna Maria"],
        "lastName": ["Eriksson"],
        "alias": ["Anni Berg"],
        "birthDate": ["1974", "1974-08-12"],
        "nationality": ["de"],
        "gender": ["female"],
    },
}
PASSPORT = {"id": "d1", "schema": "Passport", "properties": {"holder": ["p1"], "number": ["L898"], "country": ["utO"]}}
SANCTION = {
    "id": "s1",
    "schema": "Sanction",
    "properties": {"entity": ["p1"], "authority": ["NCB"], "endDate": ["2027-06-30"]},
}
PFIF = """<?xml version="1.0"?>
<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">
 <pfif:person>
  <pfif:person_record_id>example.org/p.1</pfif:person_record_id>
  <pfif:source_date>2026-02-03T00:00:00Z</pfif:source_date>
  <pfif:expiry_date>2027-05-06T00:00:00Z</pfif:expiry_date>
  <pfif:full_name>Anna Berg</pfif:full_name>
  <pfif:family_name> Eriksson </pfif:family_name><pfif:given_name>Anna</pfif:given_name>
  <pfif:alternate_names>Anni Berg
Nan</pfif:alternate_names>
  <pfif:sex>female</pfif:sex><pfif:date_of_birth>1974-08</pfif:date_of_birth>
  <pfif:note><pfif:full_name>Somebody Else</pfif:full_name></pfif:note>
 </pfif:person>
 <pfif:person>
  <pfif:person_record_id>example.org/p.2</pfif:person_record_id>
  <pfif:entry_date>2026-02-03T00:00:00Z</pfif:entry_date>
  <pfif:expiry_date>2026-02-04T00:00:00Z</pfif:expiry_date>
 </pfif:person>
 <pfif:person><pfif:full_name>No Number</pfif:full_name></pfif:person>
</pfif:pfif>"""


def read(path: Path, text: str | bytes, given: Given = GIVEN, name: str = "") -> ImportResult:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_list(path, given, name=name)


def test_a_notice(tmp_path: Path) -> None:
    (tmp_path / "2099-90001.jpg").touch()
    result = read(tmp_path / "red.json", json.dumps(NOTICE), Given(ALL, images=tmp_path))
    (entry,) = result.entries
    assert (entry.reference_id, entry.kind, entry.sex) == ("INTERPOL:2099/90001", EntryKind.NOMINAL, "F")
    assert entry.names == (Name("ERIKSSON", "ANNA MARIA"), Name("BERG", "ANNA MARIA"))
    assert entry.birth_date == PartialDate(1974, 8, 12)
    assert entry.nationalities == ("DEU", "UTO")
    assert (entry.provenance.source, entry.provenance.source_record) == ("INTERPOL", "2099/90001")
    assert entry.image == "2099-90001.jpg"


@pytest.mark.parametrize(
    ("date", "expected"),
    [("1974", PartialDate(1974)), ("1974/08", PartialDate(1974, 8)), ("1974/00/00", PartialDate(1974)), (None, None)],
)
def test_dates_keep_their_precision(tmp_path: Path, date: str | None, expected: PartialDate | None) -> None:
    (entry,) = read(tmp_path / "red.json", json.dumps(NOTICE | {"date_of_birth": date})).entries
    assert entry.birth_date == expected


def test_a_list_of_notices_is_told_by_lines(tmp_path: Path) -> None:
    notices = [NOTICE, NOTICE | {"entity_id": "2", "date_of_birth": "12.8.74"}, 7, NOTICE | {"entity_id": "3"}]
    text = json.dumps({"total": 4, "_embedded": {"notices": notices}}, indent=1)
    result = read(tmp_path / "list.json", text)
    assert [one.reference_id for one in result.entries] == ["INTERPOL:2099/90001", "INTERPOL:3"]
    lines = text.splitlines()
    second, third = result.quarantined
    assert '"2"' in lines[second.line] and "birth_date" in second.reason
    assert lines[third.line - 1].strip() == "7," and third.reason == "not a JSON object"
    assert len(read(tmp_path / "rows.json", "\n".join(map(json.dumps, notices))).entries) == 2


def test_a_united_nations_notice(tmp_path: Path) -> None:
    more = {
        "un_reference": "QDi.1",
        "entity_id": None,
        "aliases": [{"name": "Ann Berg"}, "Berg, Anni"],
        "name_in_original_script": "Эрикссон",
        "identity_documents": [{"number": "X 1", "country": "DE"}, {"number": "no issuer"}],
    }
    (entry,) = read(tmp_path / "un.json", json.dumps(NOTICE | more)).entries
    assert entry.names[1:] == (Name("Berg", "Ann"), Name("Berg", "Anni"), Name("Эрикссон"), Name("BERG", "ANNA MARIA"))
    assert entry.documents == (ListedDocument("X 1", "", "DEU"),)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"a": ' * 5000, '{"entity_id": 1' + "0" * 9999 + "}", "hello"])
def test_what_is_no_json_is_set_aside_with_its_line(tmp_path: Path, text: str) -> None:
    result = read(tmp_path / "a.json", text, name="interpol")
    assert not result.entries
    assert {one.line for one in result.quarantined} == {1}


@pytest.mark.parametrize(
    "broken",
    [
        '{"entity_id": "9", "name": "CUT',
        '{"entity_id": "9"',
        '{"entity_id": "9" "name": "X"}',
        '{"entity_id": ["9"}',
        '{"entity_id": "9", "name": "BACK\\\\SLASH}',
        "}]",
        '{"entity_id": "9", "long": "' + "x" * (MAX_VALUE + 9) + '"}',
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_broken_notice_costs_itself_only(tmp_path: Path, broken: str, listed: bool) -> None:
    """Whatever a value looks like, those before and after it are taken, and it is told by its line."""
    first, last = json.dumps(NOTICE), json.dumps(NOTICE | {"entity_id": "3"})
    text = f'{{"total": 3, "notices": [\n{first},\n{broken},\n{last}\n]}}' if listed else f"{first}\n{broken}\n{last}\n"
    result = read(tmp_path / "red.json", text, name="interpol")
    ids = [one.reference_id for one in result.entries]
    lines = [one.line for one in result.quarantined]
    assert ids == ["INTERPOL:2099/90001", "INTERPOL:3"]
    assert lines[:1] == ([2 + listed] if listed or broken != "}]" else []), "left over brackets are no value"


def test_a_list_that_is_cut_off_says_so(tmp_path: Path) -> None:
    text = json.dumps([NOTICE, NOTICE | {"entity_id": "3"}])
    result = read(tmp_path / "red.json", text[:-1], name="interpol")
    assert len(result.entries) == 2
    assert "file ends in the middle" in result.quarantined[0].reason


@pytest.mark.parametrize("indent", [None, 1, 9])
def test_values_of_any_layout_are_whole_at_any_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indent: int | None
) -> None:
    notices = [NOTICE | {"entity_id": str(number), "remark": 'a "quoted" \\ {[,]} \n text'} for number in range(20)]
    for wrapped in (notices, {"query": {"a": [1]}, "_embedded": {"notices": notices}, "_links": {"next": [{}]}}):
        text = json.dumps(wrapped, indent=indent)
        for block in (1, 7, 1 << 16):
            monkeypatch.setattr("verify.gallery.imports.json_values._BLOCK", block)
            result = read(tmp_path / "red.json", text, name="interpol")
            assert [one.reference_id for one in result.entries] == [f"INTERPOL:{number}" for number in range(20)]
            assert not result.quarantined


@pytest.mark.parametrize("missing", ["owner", "legal_basis", "purpose", "collected", "review_by", "expires"])
def test_without_what_an_entry_needs_it_is_refused(tmp_path: Path, missing: str) -> None:
    for text in (json.dumps(NOTICE), json.dumps(PERSON), "issuer,number,status\nUTO,X1,lost\n"):
        result = read(tmp_path / "list", text, Given({k: v for k, v in ALL.items() if k != missing}))
        assert result.entries == ()
        assert f"without {missing}" in result.quarantined[0].reason


def test_entities_of_follow_the_money(tmp_path: Path) -> None:
    odd = [PERSON | {"id": "p2", "properties": {"name": ["Berg"], "birthDate": ["12/08/1974"]}}, {"id": "x"}]
    lines = [json.dumps(one) for one in (PASSPORT, PERSON, SANCTION, *odd)] + ["", "{", "[]"]
    result = read(tmp_path / "a.json", "\n".join(lines))
    (entry,) = result.entries
    assert entry.reference_id == "NCB:p1"
    assert entry.names == (Name("Eriksson", "Anna Maria"), Name("Berg", "Anni"))
    assert entry.birth_date == PartialDate(1974, 8, 12)
    assert entry.documents == (ListedDocument("L898", "P", "UTO"),)
    assert (entry.sex, entry.nationalities) == ("F", ("DEU",))
    assert entry.provenance.expires.isoformat() == "2027-06-30"  # the source's, which is earlier
    assert [(bad.line, bad.reason.split(":")[0]) for bad in result.quarantined] == [
        (4, "birth_date must be a real date"),
        (5, "not an entity with id, schema and properties"),
        (7, "not a JSON object"),
        (8, "not a JSON object"),
    ]


def test_a_source_cannot_prolong_what_the_office_set(tmp_path: Path) -> None:
    late = SANCTION | {"properties": {"entity": ["p1"], "endDate": ["2099-01-01"]}}
    (entry,) = read(tmp_path / "a.json", f"{json.dumps(PERSON)}\n{json.dumps(late)}").entries
    assert entry.provenance.expires.isoformat() == "2028-01-01"


def test_persons_of_pfif(tmp_path: Path) -> None:
    result = read(tmp_path / "a.xml", PFIF)
    (entry,) = result.entries
    assert entry.reference_id == "example.org:example.org/p.1"
    assert entry.names == (Name("Eriksson", "Anna"), Name("Berg", "Anna"), Name("Berg", "Anni"), Name("Nan"))
    assert (entry.birth_date, entry.sex) == (PartialDate(1974, 8), "F")
    assert entry.provenance.collected.isoformat() == "2026-02-03"
    assert entry.provenance.expires.isoformat() == "2027-05-06"
    assert [(one.line, one.source_record) for one in result.withdrawn] == [(14, "example.org/p.2")]
    assert [(one.line, one.reason) for one in result.quarantined] == [(19, "without person_record_id")]


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {"abcdefghij"[n + 1]} "{("&" + "abcdefghij"[n] + ";") * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB + "]><a>&j;</a>", "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        ("<a/>", "another namespace"),
        ('<p:pfif xmlns:p="http://zesty.ca/pfif/1.4">' + "<p:x>" * 50, "nested"),
        ("<pfif:pfif", "line 1: not XML"),
        (PFIF[:-20], "not XML"),
    ],
)
def test_xml_that_would_hurt_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path / "a.xml", text)


def test_a_field_without_an_end_is_bounded(tmp_path: Path) -> None:
    text = PFIF.replace("<pfif:given_name>Anna", "<pfif:given_name>" + "A" * 1_000_000)
    assert "longer than 4096" in read(tmp_path / "a.xml", text).quarantined[0].reason


def test_a_list_of_documents(tmp_path: Path) -> None:
    rows = ["UTO,P,AB-12 3,stolen blank", "DEU,,C01,LOST", "UTO,P,X1,recovered", ",P,X2,lost", "UTO,P,X3,gone"]
    text = "\n".join(["Issuer,Type,Number,Status", *rows])
    result = read(tmp_path / "sltd.csv", text)
    assert [(one.reference_id, one.documents, one.kind) for one in result.entries] == [
        ("Desk:UTO-P-AB123", (ListedDocument("AB-12 3", "P", "UTO", DocumentStatus.STOLEN_BLANK),), EntryKind.DOCUMENT),
        ("Desk:D--C01", (ListedDocument("C01", "", "DEU", DocumentStatus.LOST),), EntryKind.DOCUMENT),
    ]
    assert [(one.line, one.source_record) for one in result.withdrawn] == [(4, "UTO-P-X1")]
    assert [(one.line, one.reason[:15]) for one in result.quarantined] == [
        (5, "issuing_state i"),
        (6, "document_status"),
    ]
    with pytest.raises(UsageError, match="column 'document_status'"):
        read(tmp_path / "b.csv", "issuer,number\n")


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.JPG", "sub/a.png", "notes.txt", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "link.jpg").symlink_to(tmp_path / "b.JPG")
    result = read_list(tmp_path, GIVEN)
    assert [(one.reference_id, one.image) for one in result.entries] == [
        ("Desk:b", "b.JPG"),
        ("Desk:sub/a", "sub/a.png"),
    ]
    assert [(one.line, one.reference_id) for one in result.quarantined] == [(2, "link.jpg"), (3, "notes.txt")]


def test_the_format_is_told_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.an2").write_bytes(b"")
    for text, name in (
        (PFIF, "pfif"),
        (json.dumps(NOTICE), "interpol"),
        (json.dumps([NOTICE]), "interpol"),
        (json.dumps(PERSON), "ftm"),
        ("1.001:20\x1d", "an2k"),
        ("issuer,number,status\n", "documents"),
        ("schema_version,document_number\n", "table"),
    ):
        path = tmp_path / "list"
        path.write_text(text, encoding="utf-8")
        assert recognised(path) == name
    path.write_text("hello", encoding="utf-8")
    with pytest.raises(UsageError, match="--format"):
        recognised(path)
    path.unlink()
    assert recognised(tmp_path) == "an2k"
    with pytest.raises(UsageError, match="no format 'x'"):
        read_list(tmp_path, name="x")
    with pytest.raises(UsageError, match="no such field"):
        Given({"colour": "red"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(sorted(set(FORMATS) - {"folder"})), st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_make_it_crash(tmp_path: Path, name: str, noise: bytes, place: int) -> None:
    good = {"pfif": PFIF, "ftm": json.dumps(PERSON), "interpol": json.dumps(NOTICE)}.get(name, "").encode()
    try:
        result = read(tmp_path / "list", good[:place] + noise + good[place:], name=name)
    except UsageError:
        return
    assert all(bad.reason for bad in result.quarantined)
