"""Rates of invented scores whose truth is known; templates are drawn, no picture is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from verify.errors import NoInputsError, PolicyError, UsageError
from verify.evaluate import (
    Acquired,
    Labelled,
    Normaliser,
    bootstrap_fnmr,
    build_cohort,
    cllr,
    det_curve,
    evaluate_pairs,
    files_in,
    fit_llr,
    group_rates,
    labelled_files,
    min_cllr,
    noisy_pairs,
    normaliser_for,
    operating_table,
    pairs_of,
    people_below,
    plot_det,
    report_lines,
    score_matrix,
    wilson,
    write_scores,
)
from verify.face import Description, unit
from verify.settings import Settings

NONE = Normaliser(None, None, "none")


def acquired(people: int = 60, each: int = 3, spread: float = 0.6, seed: int = 0) -> Acquired:
    """`people` directions with `each` noisy pictures; the last file has no template."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(unit(rng.normal(size=(people, 24)).astype(np.float32)), each, axis=0)
    vectors = unit((centres + spread * unit(rng.normal(size=centres.shape).astype(np.float32))).astype(np.float32))
    vectors[-1] = np.nan
    files = tuple(Path(f"set/p{n // each:03}/{n}.jpg") for n in range(len(vectors)))
    hashes = tuple(f"{seed}-{n}" for n in range(len(vectors)))
    lengths = np.ones(len(vectors))
    reasons = {len(vectors) - 1: "no face was found"}
    return Acquired(files, vectors, lengths, hashes, reasons, frozenset(), Description("invented 1", "ab" * 32, "none"))


def names(one: Acquired) -> list[str]:
    return [path.parent.name for path in one.files]


def test_a_file_without_a_template_is_nan_in_row_and_column(tmp_path: Path) -> None:
    one = acquired()
    write_scores(tmp_path / "s.npy", one, NONE)
    scores = np.load(tmp_path / "s.npy")
    assert scores.shape == (180, 180)
    assert np.isnan(scores[-1]).all()
    assert np.isnan(scores[:, -1]).all()
    assert np.isfinite(scores[:-1, :-1]).all()
    assert np.allclose(scores[:-1, :-1], scores[:-1, :-1].T, atol=1e-6)


def test_pairs_are_counted_once_and_a_missing_template_is_a_miss() -> None:
    one = acquired()
    pairs = pairs_of(score_matrix(one, NONE), names(one))
    assert len(pairs.mated) == 60 * 3
    assert len(pairs.non_mated) == 180 * 179 // 2 - 180
    assert np.isinf(pairs.mated).sum() == 2
    assert pairs.fnmr(-5.0) == pytest.approx(2 / 180)


def test_doubtful_pairs_are_neither() -> None:
    one = acquired()
    pairs = pairs_of(score_matrix(one, NONE), names(one), frozenset({("p000", "p001"), ("p001", "p000")}))
    assert len(pairs.non_mated) == 180 * 179 // 2 - 180 - 9


def test_a_threshold_keeps_its_rate_and_none_is_given_beyond_the_data() -> None:
    one = acquired()
    pairs = pairs_of(score_matrix(one, NONE), names(one))
    threshold = pairs.threshold(1e-2)
    assert threshold is not None
    assert 0 < np.mean(pairs.non_mated > threshold) <= 1e-2
    assert pairs.threshold(1e-6) is None


def test_the_bootstrap_draws_people() -> None:
    one = acquired(spread=0.95)
    pairs = pairs_of(score_matrix(one, NONE), names(one))
    threshold = pairs.threshold(1e-2)
    assert threshold is not None
    low, high = bootstrap_fnmr(pairs, threshold, draws=200)
    assert low < pairs.fnmr(threshold) < high
    assert bootstrap_fnmr(pairs, threshold, draws=200) == (low, high)


def test_no_error_seen_is_not_no_error() -> None:
    assert wilson(0, 100) == (0.0, 0.03)
    low, high = wilson(5, 100)
    assert low < 0.05 < high
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_fit_gives_llrs_that_no_monotone_map_betters_by_much() -> None:
    one = acquired(people=120)
    pairs = pairs_of(score_matrix(one, NONE), names(one))
    offset, slope = fit_llr(pairs)
    assert slope > 0
    assert 0 <= min_cllr(pairs) <= cllr(pairs, offset, slope) < 0.5
    assert cllr(pairs, 0.0, 0.0) == pytest.approx(1.0)
    assert cllr(pairs, offset + 3, slope) > cllr(pairs, offset, slope)


def test_a_table_is_toml_with_falling_rates() -> None:
    import tomllib

    one = acquired()
    pairs = pairs_of(score_matrix(one, NONE), names(one))
    table = tomllib.loads(operating_table("operating", "cosine similarity", pairs, "invented", "a test"))["operating"]
    assert [rate for rate, _ in table["fmr"]] == sorted((rate for rate, _ in table["fmr"]), reverse=True)
    assert [score for _, score in table["fmr"]] == sorted(score for _, score in table["fmr"])
    assert table["llr"]["slope"] > 0


def test_a_report_tells_failures_apart_and_says_when_data_are_too_few(tmp_path: Path) -> None:
    one = acquired()
    report = evaluate_pairs(one, score_matrix(one, NONE), cohort="none")
    text = "\n".join(report.lines)
    assert "failure to enrol (file unreadable) 0, failure to acquire (no template) 1" in text
    assert "FNMR at FMR 0.001" in text
    assert "FNMR at FMR 1e-05: too few data to say" in text
    few = acquired(people=5)
    assert "too few data" in evaluate_pairs(few, score_matrix(few, NONE), cohort="none").lines[-1]
    pytest.importorskip("matplotlib")
    assert plot_det(tmp_path / "report", report).read_text().count("<svg") == 1
    rates, missed = det_curve(report.pairs)
    assert (np.diff(missed) >= 0).all()
    assert rates[0] == pytest.approx(0.5)


def test_a_cohort_never_holds_what_is_measured_on_it() -> None:
    others = acquired(people=150, each=1, seed=1)
    whole = build_cohort(others, "others")
    part = build_cohort(others, "others", without=others.sha256[:20])
    assert (len(whole), len(part)) == (149, 129)
    by_person = build_cohort(acquired(people=150, each=2), "others", people=names(acquired(people=150, each=2)))
    assert len(by_person) == 150
    with pytest.raises(UsageError, match="too few"):
        build_cohort(acquired(people=10), "few")


def test_files_that_are_their_own_cohort_do_not_count_for_themselves() -> None:
    one = acquired(people=150)
    normaliser = normaliser_for(one, "self", Settings(), lambda: b"", border=0)
    assert normaliser.cohort is not None
    assert len(normaliser.cohort) == 150
    plain, normalised = score_matrix(one, NONE), score_matrix(one, normaliser)
    assert np.nanmean(plain) > np.nanmean(normalised)
    assert normaliser.own is not None
    assert normaliser.own[-1] == -1
    assert normaliser.own[:3].tolist() == [normaliser.own[0]] * 3


def test_lists_are_read_and_nonsense_is_refused(tmp_path: Path) -> None:
    listing = tmp_path / "files.txt"
    listing.write_text("a/1.jpg\n\nb/2.jpg\n")
    assert files_in(listing) == (tmp_path / "a/1.jpg", tmp_path / "b/2.jpg")
    listing.write_text("\n")
    with pytest.raises(NoInputsError):
        files_in(listing)
    noise = tmp_path / "noise.tsv"
    noise.write_text("# one\nA\tB\n")
    assert noisy_pairs(noise) == {("A", "B"), ("B", "A")}
    noise.write_text("A B C\n")
    with pytest.raises(UsageError):
        noisy_pairs(noise)


def test_a_path_of_a_list_lies_beside_it_or_below_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "1.jpg").touch()
    monkeypatch.chdir(tmp_path)
    listing = tmp_path / "lists" / "files.txt"
    listing.write_text("set/1.jpg\nset/2.jpg\n" + str(tmp_path / "set" / "3.jpg"))
    assert files_in(listing) == (Path("set/1.jpg"), listing.parent / "set/2.jpg", tmp_path / "set" / "3.jpg")
    (tmp_path / "lists" / "set").mkdir()
    (tmp_path / "lists" / "set" / "1.jpg").touch()
    assert files_in(listing)[0] == listing.parent / "set/1.jpg"


def test_a_folder_inside_a_cohorts_folder_is_a_person() -> None:
    root = Path("cohort")
    nested = [root / f"p{n // 2:03}" / f"{n}.jpg" for n in range(300)]
    assert len(set(people_below(root, [*nested, root / "own.jpg"]))) == 151
    sorted_by_source = [root / f"source{n // 150}" / f"{n}.jpg" for n in range(300)]
    assert len(set(people_below(root, sorted_by_source))) == 300, "two people are no cohort: each file is one"


def test_a_cohort_of_another_version_of_the_engine_is_refused() -> None:
    cohort = build_cohort(acquired(people=150, each=1), "others")
    cohort.refuse_others("invented 1", "ab" * 32)
    with pytest.raises(PolicyError, match="build it anew"):
        cohort.refuse_others("invented 2", "ab" * 32)


def test_groups_come_from_names_or_from_a_table(tmp_path: Path) -> None:
    listing = tmp_path / "files.txt"
    listing.write_text("3_0_1_2017.jpg\n30_1_2_2017.jpg\n30_1_4_2017.jpg\nno.jpg\n")
    assert [(one.shown, one.block) for one in labelled_files(listing)] == [
        ("age 00-04", "00-04 M Black"),
        ("adult F Asian", "adult F Asian"),
    ]
    table = tmp_path / "files.csv"
    table.write_text("file,group\na.jpg,site A\n")
    assert labelled_files(table) == (Labelled(tmp_path / "a.jpg", "site A", "site A"),)
    table.write_text("file\na.jpg\n")
    with pytest.raises(UsageError):
        labelled_files(table)


def test_a_group_that_is_confused_is_seen_and_a_small_one_is_not_spoken_of() -> None:
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 0.5, (110, 110)).astype(np.float32)
    scores = (scores + scores.T) / 2
    scores[:50, :50] += 0.3
    np.fill_diagonal(scores, 1)
    scores[-1] = scores[:, -1] = np.nan
    files = [
        Labelled(Path(str(n)), name, name)
        for n, name in enumerate(["adult M X"] * 50 + ["adult F X"] * 50 + ["age 00-04"] * 10)
    ]
    groups = {one.group: one for one in group_rates(files, scores, 0.52)}
    confused, others, few = groups["adult M X"], groups["adult F X"], groups["age 00-04"]
    assert confused.low < confused.rate < confused.high
    assert confused.rate > 0.3
    assert others.errors == 0
    assert others.high == pytest.approx(3 / others.pairs)
    assert (few.missing, few.enough) == (1, False)
    text = "\n".join(report_lines(list(groups.values()), 0.52, 1e-4))
    assert "too few data to say" in text
    assert "none seen" in text
    assert "noise floor" in text
