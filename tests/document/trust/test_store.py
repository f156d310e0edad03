"""What enters the store of trust, who vouches for it, and where a chain leads."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from verify.document.tlv import MalformedError
from verify.document.trust import Certificate, TrustStore, certificate_of, import_trust, read_master_list, trust_version
from verify.errors import PolicyError, UsageError
from verify.model.chip import ChipOutcome

from ..maker import CHIPS, maker, trusting

TODAY = dt.date(2026, 11, 22)
DUE = dt.date(2027, 6, 1)


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return put(tmp_path, "root.cer", maker().authority().certificate)


@pytest.fixture
def listed() -> bytes:
    make = maker()
    above = make.authority()
    others = [make.authority(state, seed=f"CSCA of {state}").certificate for state in ("FR", "NL", "FI")]
    return bytes(make.master_list([above.certificate, *others], make.signer(above, seed="lister")))


def test_a_master_list_enters_by_its_root(tmp_path: Path, root: Path, listed: bytes) -> None:
    store = tmp_path / "trust"
    found = import_trust(store, put(tmp_path, "list.ml", listed), root, today=TODAY)
    assert (found.kind, found.certificates, found.supported, found.unreadable) == ("master list", 4, 4, 0)
    loaded = TrustStore.load(store)
    assert len(loaded) == 4
    signer = Certificate(maker().signer(maker().authority("FR", seed="CSCA of FR"), "FR").certificate)
    chain = loaded.chain(signer)
    assert chain.outcome is ChipOutcome.CHAIN_OK
    assert chain.csca is not None and chain.csca.state == "FR"
    assert "UT" in chain.source, "who vouched for it is told"


def test_a_master_list_of_another_root_does_not_enter(tmp_path: Path, listed: bytes) -> None:
    other = put(tmp_path, "other.cer", maker().authority(seed="another").certificate)
    with pytest.raises(PolicyError, match="not certified by this root"):
        import_trust(tmp_path / "trust", put(tmp_path, "list.ml", listed), other, today=TODAY)
    assert len(TrustStore.load(tmp_path / "trust")) == 0


def test_no_bit_of_a_master_list_may_change(listed: bytes) -> None:
    above = Certificate(maker().authority().certificate)
    assert len(read_master_list(listed, above).certificates) == 4
    for bit in range(0, len(listed) * 8, 97):
        changed = bytearray(listed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(MalformedError):
            read_master_list(bytes(changed), above)


def test_a_certificate_enters_by_its_root_or_by_its_own_word(tmp_path: Path, root: Path) -> None:
    make = maker()
    signer = put(tmp_path, "signer.cer", make.signer(make.authority(), name="TS").certificate)
    stranger = put(tmp_path, "stranger.cer", make.signer(make.authority(seed="another"), name="TX").certificate)
    store = tmp_path / "trust"
    assert import_trust(store, signer, root, today=TODAY).supported == 1
    with pytest.raises(PolicyError, match="not taken in"):
        import_trust(store, stranger, root, today=TODAY)
    assert import_trust(store, stranger, stranger, today=TODAY).source == "certificate named by the operator"
    with pytest.raises(UsageError, match="--root"):
        import_trust(store, signer, None, today=TODAY)
    loaded = TrustStore.load(store)
    assert [one.common_name for one in loaded.seal_signers("UT", "TX", "5B")] == ["TX"]
    assert loaded.seal_signers("UT", "TX", "5C") == loaded.seal_signers("UT", "TX", "no number") == []


def test_a_pinned_signer_certifies_nobody(tmp_path: Path) -> None:
    make = maker()
    pinned = make.signer(make.authority())
    child = make.signer(pinned, seed="child")
    store = trusting(pinned.certificate, authority=False)
    assert store.chain(Certificate(pinned.certificate)).outcome is ChipOutcome.CHAIN_OK
    assert store.chain(Certificate(child.certificate)).outcome is ChipOutcome.CHAIN_UNKNOWN


def test_unknown_is_told_from_bad() -> None:
    make = maker()
    known, later = make.authority(), make.authority(seed="CSCA of Utopia", digest="sha256")
    signer = Certificate(make.signer(known).certificate)
    assert TrustStore().chain(signer).outcome is ChipOutcome.CHAIN_UNKNOWN
    stranger = make.authority(seed="CSCA of Utopia", key=make.ec_key("a new generation"))
    assert trusting(stranger.certificate).chain(signer).outcome is ChipOutcome.CHAIN_UNKNOWN
    # the same authority, name and key, but the signature is another's
    broken = bytearray(signer.der)
    broken[-1] ^= 1
    assert trusting(later.certificate).chain(Certificate(bytes(broken))).outcome is ChipOutcome.CHAIN_BAD


def test_a_revocation_list_enters_by_a_csca_of_the_store(tmp_path: Path, root: Path) -> None:
    make = maker()
    above = make.authority()
    revoked, rightful = (Certificate(make.signer(above, seed=str(n), serial=n).certificate) for n in (7, 8))
    data = make.revocation_list([7, 9], above, dt.date(2026, 11, 1), DUE)
    file = put(tmp_path, "list.crl", data)
    store = tmp_path / "trust"
    with pytest.raises(PolicyError, match="import its CSCA first"):
        import_trust(store, file, None, today=TODAY)
    import_trust(store, root, root, today=TODAY)
    assert import_trust(store, file, None, today=TODAY).revoked == 2
    loaded = TrustStore.load(store)
    assert loaded.revocation(revoked, TODAY) is ChipOutcome.REVOKED
    assert loaded.revocation(rightful, TODAY) is ChipOutcome.NOT_REVOKED
    assert loaded.revocation(rightful, dt.date(2028, 1, 1)) is ChipOutcome.REVOCATION_STALE
    other = Certificate(make.signer(make.authority("FR", seed="other"), "FR").certificate)
    assert loaded.revocation(other, TODAY) is ChipOutcome.REVOCATION_UNKNOWN
    changed = bytearray(data)
    changed[-3] ^= 4
    with pytest.raises(PolicyError):
        import_trust(store, put(tmp_path, "changed.crl", bytes(changed)), None, today=TODAY)


def test_the_version_follows_the_files(tmp_path: Path, root: Path) -> None:
    store = tmp_path / "trust"
    assert trust_version(None) is None
    with pytest.raises(UsageError, match="trust import"):
        trust_version(store)
    path = import_trust(store, root, root, today=TODAY).path
    first = trust_version(store)
    assert first == TrustStore.load(store).version
    assert first is not None and first.text == "1 imports, the newest of 2026-11-22"
    import_trust(store, root, root, today=TODAY)
    assert trust_version(store) == first, "the same file again changes nothing"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "source": "another"}))
    changed = trust_version(store)
    assert changed is not None and changed.sha256 != first.sha256


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 1}', '{"schema_version": 2}', "null"])
def test_a_store_that_is_damaged_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "2026-01-01_x.json").write_text(text)
    with pytest.raises(UsageError, match="2026-01-01_x"):
        TrustStore.load(tmp_path)


@pytest.mark.slow
def test_the_german_master_list(tmp_path: Path) -> None:
    file = CHIPS / "masterlists" / "DE_ML_2026-05-28-08-28-45.ml"
    if not file.exists():
        pytest.skip("the German master list is not here")
    root = CHIPS / "masterlists" / "DE_ROOT_CA_CSCA07.cer"
    found = import_trust(tmp_path / "trust", file, root, today=TODAY)
    assert (found.certificates, found.source) == (588, "master list of DE, 2026-05-28")
    assert found.supported >= 570
    with pytest.raises(MalformedError):
        read_master_list(file.read_bytes(), certificate_of((CHIPS / "masterlists" / "NL_ROOT_CA.cer").read_bytes()))
