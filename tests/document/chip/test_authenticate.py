"""Passive authentication: every outcome, by chips of Utopia; and the specimens of others, where they are."""

from __future__ import annotations

import datetime as dt

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from verify.document.chip import ChipDump, read_chip
from verify.document.tlv import tlv_at
from verify.document.trust import Certificate, RevocationList, TrustStore
from verify.model.chip import ChipOutcome, ChipReading
from verify.settings import Limits

from ..maker import BEGIN, CHIPS, DAY, END, LINES, bench, chip_of, groups, maker, picture, trusting

O = ChipOutcome  # noqa: E741


def read(dump: ChipDump, store: TrustStore, day: dt.date = DAY) -> ChipReading:
    return read_chip(dump, store, Limits(), reference_date=day)[0]


@pytest.fixture(scope="module")
def above():  # type: ignore[no-untyped-def]
    return maker().authority()


@pytest.fixture(scope="module")
def signer(above):  # type: ignore[no-untyped-def]
    return maker().signer(above, start=BEGIN, end=END)


@pytest.fixture
def store(above) -> TrustStore:  # type: ignore[no-untyped-def]
    return trusting(above.certificate)


@pytest.fixture(scope="module")
def whole(signer) -> ChipDump:  # type: ignore[no-untyped-def]
    return chip_of(groups(answers=maker().ec_key("answers")), signer)


def changed(dump: ChipDump, **files: object) -> ChipDump:
    base = {"com": dump.com, "sod": dump.sod, "groups": dict(dump.groups)}
    return ChipDump(**{**base, **files})  # type: ignore[arg-type]


def test_a_whole_chip(whole: ChipDump, store: TrustStore) -> None:
    reading, page = read_chip(whole, store, Limits(), reference_date=DAY)
    assert set(reading.outcomes) == {
        O.SIGNATURE_OK, O.DIGEST_OK, O.CHAIN_OK, O.REVOCATION_UNKNOWN, O.STATES_AGREE, O.CLONE_NOT_TESTED,
    }  # fmt: skip
    assert [(one.number, one.sound) for one in reading.groups] == [(n, True) for n in (1, 2, 11, 12, 15)]
    assert reading.mrz is not None and list(reading.mrz.lines) == LINES
    assert reading.lds_version == "1.7"
    assert (reading.algorithm, reading.weak, reading.irregularities) == ("ECDSA, SHA-256", (), ())
    assert reading.csca is not None and reading.csca.state == "UT"
    assert reading.trust_source == "the tests' own word"
    assert reading.details is not None
    assert (reading.details.full_name, reading.details.issue_date) == ("ERIKSSON<<ANNA MARIA", dt.date(2007, 4, 16))
    assert reading.details.birth_date == dt.date(1974, 8, 12)
    assert reading.protocols == ("public key for active authentication (P-256)",)
    assert page is not None and page.shape == (80, 60, 3)
    assert reading.portrait is not None and reading.portrait.size == (60, 80)


@pytest.mark.parametrize(
    ("authority", "signed"),
    [
        ({"curve": ec.BrainpoolP512R1(), "digest": "sha512", "explicit": True},
         {"curve": ec.BrainpoolP384R1(), "digest": "sha384"}),
        ({"curve": ec.SECP521R1(), "digest": "sha512"},
         {"curve": ec.BrainpoolP256R1(), "explicit": True, "digest": "sha1"}),
        ({"rsa": 3072, "digest": "sha256"}, {"rsa": 2048, "digest": "sha256"}),
        ({"rsa": 3072, "digest": "sha512", "pss": True}, {"rsa": 2048, "digest": "sha224", "pss": True}),
    ],
)  # fmt: skip
def test_the_suites_of_doc_9303(authority: dict[str, object], signed: dict[str, object]) -> None:
    make = maker()
    for options in (authority, signed):
        if size := options.pop("rsa", None):
            options["key"] = rsa.generate_private_key(65537, int(str(size)))
    top = make.authority(**authority)
    reading = read(chip_of(groups(), make.signer(top, start=BEGIN, end=END, **signed)), trusting(top.certificate))
    assert reading.ended(O.SIGNATURE_OK) and reading.ended(O.DIGEST_OK) and reading.ended(O.CHAIN_OK)
    assert not reading.irregularities
    assert ("SHA-1" in reading.weak) is (signed["digest"] == "sha1")


def test_a_file_that_was_changed(whole: ChipDump, store: TrustStore) -> None:
    other = groups(full_name="ZETTERLUND<<QUIRIN")[11]
    reading = read(changed(whole, groups={**whole.groups, 11: other}), store)
    assert reading.ended(O.DIGEST_BAD) and not reading.ended(O.DIGEST_OK)
    assert [one.number for one in reading.groups if one.sound is False] == [11]
    assert reading.ended(O.SIGNATURE_OK), "the signature over the digests is still right"


def test_files_missing_extra_cut_off_and_padded(whole: ChipDump, store: TrustStore) -> None:
    some = {number: data for number, data in whole.groups.items() if number != 15}
    assert read(changed(whole, groups=some), store).ended(O.GROUP_MISSING)
    extra = read(changed(whole, groups={**whole.groups, 13: b"\x6d\x01a"}), store)
    assert extra.ended(O.GROUP_EXTRA) and not extra.ended(O.DIGEST_BAD)
    cut = read(changed(whole, groups={**whole.groups, 2: whole.groups[2][:-9]}), store)
    group = cut.group(2)
    assert group is not None and (group.sound, group.truncated) == (False, True)
    padded = read(changed(whole, groups={**whole.groups, 1: whole.groups[1] + bytes(20)}), store)
    group = padded.group(1)
    assert group is not None and (group.sound, group.surplus) == (True, 20)


def test_fingerprints_are_never_missed(signer, store: TrustStore) -> None:  # type: ignore[no-untyped-def]
    full = {**groups(), 3: b"\x63\x01a"}
    dump = chip_of(full, signer)
    del dump.groups[3]
    reading = read(dump, store)
    assert not reading.ended(O.GROUP_MISSING)
    group = reading.group(3)
    assert group is not None and (group.size, group.signed, group.sound) == (None, True, None)


def test_no_sod_and_a_damaged_one(whole: ChipDump, store: TrustStore) -> None:
    without = read(changed(whole, sod=b""), store)
    assert without.outcomes[0] is O.OBJECT_MISSING and "EF.SOD" in without.reason
    assert without.mrz is not None, "what is there is still read"
    assert without.ended(O.CLONE_NOT_TESTED), "it is always said"
    for broken in (b"\x77", b"\x77\x02\x30\x00", whole.sod[:200], b"\x61" + whole.sod[1:], b"\x77\x80" + bytes(90)):
        reading = read(changed(whole, sod=broken), store)
        assert reading.ended(O.OBJECT_DAMAGED) and reading.reason
        assert not reading.ended(O.SIGNATURE_OK, O.DIGEST_OK)


def test_another_key_signed(above, whole: ChipDump, store: TrustStore) -> None:  # type: ignore[no-untyped-def]
    """The rightful certificate beside a signature of another key."""
    make = maker()
    other = make.signer(above, seed="another", start=BEGIN, end=END)
    right = make.signer(above, start=BEGIN, end=END)
    assert right.certificate != other.certificate
    mixed = make.Signer(right.certificate, other.key, "sha256")
    reading = read(changed(whole, sod=make.security_object(whole.groups, mixed)), store)
    assert reading.ended(O.SIGNATURE_BAD) and reading.ended(O.CHAIN_OK)


def test_a_signer_of_nobody(whole: ChipDump) -> None:
    reading = read(whole, TrustStore())
    assert reading.ended(O.CHAIN_UNKNOWN) and reading.ended(O.SIGNATURE_OK)
    assert reading.csca is None


def test_a_signer_that_is_not_sent_along(signer, whole: ChipDump, store: TrustStore) -> None:  # type: ignore[no-untyped-def]
    message = cms.ContentInfo.load(tlv_at(whole.sod).value)
    message["content"]["certificates"] = None
    bare = changed(whole, sod=maker().tlv(0x77, message.dump(force=True)))
    assert read(bare, store).ended(O.SIGNER_MISSING)
    store.add(Certificate(signer.certificate), "a directory", authority=False)
    found = read(bare, store)
    assert found.ended(O.SIGNATURE_OK) and found.ended(O.CHAIN_OK)


def test_what_no_signature_covers_is_irregular(whole: ChipDump, store: TrustStore) -> None:
    sha256, sha384 = (bytes.fromhex(f"60864801650304020{n}") for n in (1, 2))
    assert sha256 in whole.sod[:60], "the list of digests stands first"
    reading = read(changed(whole, sod=whole.sod.replace(sha256, sha384, 1)), store)
    assert reading.ended(O.SIGNATURE_OK) and reading.ended(O.OBJECT_IRREGULAR)
    assert reading.irregularities == ("its list of digests is not the one digest of its signer",)


def test_revoked_expired_and_not_yet(above, signer, whole: ChipDump, store: TrustStore) -> None:  # type: ignore[no-untyped-def]
    data = maker().revocation_list([0x5B], above, dt.date(2011, 11, 1), dt.date(2011, 12, 1))
    store.add_revocations(RevocationList(data))
    assert read(whole, store).ended(O.REVOKED)
    assert read(whole, store, dt.date(2019, 1, 1)).ended(O.SIGNER_EXPIRED)
    assert read(whole, store, dt.date(2006, 1, 1)).ended(O.SIGNER_NOT_YET)
    assert not read(whole, store).ended(O.SIGNER_EXPIRED, O.SIGNER_NOT_YET)


def test_a_signer_of_another_state() -> None:
    make = maker()
    france = make.authority("FR", seed="CSCA of France")
    rogue = chip_of(groups(), make.signer(france, "FR", start=BEGIN, end=END))
    assert read(rogue, trusting(france.certificate)).ended(O.STATES_DIFFER)
    crossed = chip_of(groups(), make.signer(france, "UT", start=BEGIN, end=END))
    assert read(crossed, trusting(france.certificate)).ended(O.STATES_DIFFER), "the CSCA's state counts too"


@pytest.mark.parametrize("key", ["EC", "RSA"])
def test_the_answer_of_a_chip(signer, store: TrustStore, key: str) -> None:  # type: ignore[no-untyped-def]
    make = maker()
    private = make.ec_key("answers") if key == "EC" else rsa.generate_private_key(65537, 2048)
    dump = chip_of(groups(answers=private), signer)
    dump.challenge, dump.response = b"12345678", make.answer(private, b"12345678")
    assert read(dump, store).ended(O.CLONE_TEST_OK)
    dump.challenge = b"12345679"
    assert read(dump, store).ended(O.CLONE_TEST_BAD)
    # a copy may bring a key of its own: then its DG15 is not the signed one, and the answer says nothing
    own = make.ec_key("a copy")
    dump.groups[15] = groups(answers=own)[15]
    dump.response = make.answer(own, dump.challenge)
    copied = read(dump, store)
    assert copied.ended(O.CLONE_NOT_TESTED) and copied.ended(O.DIGEST_BAD)


def test_damaged_groups_are_told_and_the_rest_is_read(signer, store: TrustStore) -> None:  # type: ignore[no-untyped-def]
    odd = {1: b"\x61\x02\x5f\x1f", 2: b"\x75\x00", 11: b"\x6b\x05abc", 14: b"\x6e\x02\x31\x09", 15: b"\x6f\x01\x00"}
    reading = read(chip_of(odd, signer), store)
    assert reading.ended(O.DIGEST_OK) and reading.ended(O.SIGNATURE_OK)
    assert reading.mrz is None and reading.details is None
    assert [one.partition(":")[0] for one in reading.irregularities] == ["DG1", "DG2", "DG11 or DG12", "DG14", "DG15"]
    assert reading.portrait is not None and reading.portrait.size is None


@pytest.mark.parametrize("mode", ["quick", pytest.param("whole", marks=pytest.mark.slow)])
def test_no_single_bit_may_change(mode: str) -> None:
    """Of EF.SOD, data groups, certificates and seals: 1,000 random changes, and some of them always."""
    script = bench()
    subjects = list(script.own_subjects()) + (list(script.given_subjects(CHIPS)) if CHIPS.exists() else [])
    for subject in subjects:
        assert subject.judge(subject.data) == "accepted", subject.name
    count = 1000 if mode == "whole" else len(subjects)
    accepted = [(one.name, bit) for one, bit, end in script.tamper(subjects, count, 7) if end == "accepted"]
    assert accepted == []


def test_the_bsi_specimen() -> None:
    dump = dict(bench().given_dumps(CHIPS)).get("bsi_tr03105_5_worldfnd") if CHIPS.exists() else None
    if dump is None:
        pytest.skip(f"the specimens are not here: {CHIPS}")
    reading, page = read_chip(dump, TrustStore(), Limits(), reference_date=dt.date(2014, 1, 1))
    assert reading.ended(O.SIGNATURE_OK) and reading.ended(O.DIGEST_OK) and reading.ended(O.CHAIN_UNKNOWN)
    assert reading.algorithm == "RSA-PSS, SHA-256"
    assert [(one.number, one.sound) for one in reading.groups if one.sound is not None] == [
        (1, True),
        (2, True),
        (14, True),
    ]
    assert reading.ended(O.GROUP_EXTRA), "its DG15 was signed by nobody"
    assert reading.portrait is not None
    assert (reading.portrait.declared_size, reading.portrait.size) == ((337, 449), (413, 531))
    assert page is not None and page.shape == (531, 413, 3)
    assert "public key for chip authentication (ECDH)" in reading.protocols
    assert reading.ended(O.STATES_AGREE), "D in the zone is DE in the certificate"


def test_the_dutch_specimen() -> None:
    dump = dict(bench().given_dumps(CHIPS)).get("jmrtd_loes2006") if CHIPS.exists() else None
    if dump is None:
        pytest.skip(f"the specimens are not here: {CHIPS}")
    reading = read(dump, TrustStore(), dt.date(2008, 1, 1))
    assert reading.ended(O.SIGNATURE_OK) and reading.ended(O.DIGEST_OK)
    assert [(one.number, one.sound) for one in reading.groups] == [(1, True), (2, True), (15, True)]
    assert reading.mrz is not None and reading.mrz.value("primary_identifier") == "MEULENDIJK"


def test_nothing_of_the_holder_stands_in_reasons(whole: ChipDump, store: TrustStore) -> None:
    """Messages go into logs; what the chip says of a person must not."""
    for number in (1, 11):
        data = whole.groups[number][:-4]
        reading = read(changed(whole, groups={**whole.groups, number: data}), store)
        told = " ".join((*reading.irregularities, reading.reason))
        assert "ERIKSSON" not in told and "L898902C3" not in told
    assert picture() not in repr(store).encode()
