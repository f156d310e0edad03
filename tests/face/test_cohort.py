"""Cohort normalisation: the same people are found as alike wherever they are crowded, and one product is enough."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.face import LEAST_COHORT, Cohort, cohort_of, fuse, load_cohort, save_cohort, unit
from verify.face.cohort import nearest_of
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate

MODEL = "ab" * 32
KEK = bytes(range(32))


def people(count: int, *, crowded: float = 0.0, seed: int = 0) -> np.ndarray:
    """Random directions; `crowded` pulls them towards one."""
    drawn = np.random.default_rng(seed).normal(size=(count, 32))
    drawn[:, 0] += crowded
    return unit(drawn.astype(np.float32))


def cohort(matrix: np.ndarray) -> Cohort:
    return cohort_of("invented", matrix, engine="invented 1", model_sha256=MODEL)


def template(vector: np.ndarray, model: str = MODEL) -> FaceTemplate:
    quality = FaceQuality(60.0, 200.0, 120.0)
    return FaceTemplate(tuple(vector.tolist()), "invented 1", model, FaceRole.LIVE, Box(0, 0, 9, 9), quality)


def test_a_bias_is_half_the_mean_of_the_nearest() -> None:
    found = cohort(people(300))
    probe = people(1, seed=1)
    nearest = np.sort(probe @ found.matrix.T)[0, -nearest_of(300) :]
    assert found.biases(probe)[0] == pytest.approx(nearest.mean() / 2, abs=1e-5)
    assert found.bias(template(probe[0])) == pytest.approx(float(found.biases(probe)[0]))


def test_strangers_of_a_crowded_region_no_longer_stand_out() -> None:
    crowd, others = people(200, crowded=8.0), people(200, seed=2)
    probes = people(50, crowded=8.0, seed=3), people(50, seed=4)
    found = cohort(np.vstack([crowd, others]))
    plain = [np.mean(one @ one.T - np.eye(50)) for one in probes]
    bias = [found.biases(one) for one in probes]
    normalised = [np.mean(one @ one.T - b[:, None] - b - np.eye(50)) for one, b in zip(probes, bias, strict=True)]
    assert plain[0] - plain[1] > 0.5
    assert normalised[0] - normalised[1] < (plain[0] - plain[1]) / 2


def test_nobody_counts_for_their_own_bias() -> None:
    matrix = people(200)
    found = cohort(matrix)
    without = found.biases(matrix, own=np.arange(200))
    assert (without < found.biases(matrix)).all()
    rest = cohort(np.delete(matrix, 7, axis=0))
    assert without[7] == pytest.approx(float(rest.biases(matrix[7:8])[0]), abs=1e-4)


def test_the_nearest_are_a_share() -> None:
    assert [nearest_of(size) for size in (100, 500, 5000)] == [5, 5, 50]


def test_too_few_people_are_no_cohort() -> None:
    with pytest.raises(UsageError, match="too few"):
        cohort(people(LEAST_COHORT - 1))


def test_a_template_without_direction_is_refused() -> None:
    matrix = people(LEAST_COHORT)
    matrix[3] = 0
    with pytest.raises(UsageError, match="no direction"):
        cohort(matrix)


def test_another_model_is_refused() -> None:
    with pytest.raises(PolicyError, match="another model"):
        cohort(people(200)).bias(template(people(1)[0], "cd" * 32))


def test_another_version_of_the_engine_is_refused() -> None:
    newer = dataclasses.replace(template(people(1)[0]), engine="invented 2")
    with pytest.raises(PolicyError, match="built with invented 1"):
        cohort(people(200)).bias(newer)
    with pytest.raises(PolicyError):
        fuse([newer, template(people(1)[0])])


def test_a_cohort_is_kept_encrypted_and_comes_back(tmp_path: Path) -> None:
    made, path = cohort(people(150)), tmp_path / "site.cohort"
    save_cohort(path, KEK, made)
    found = load_cohort(path, KEK)
    assert found == made
    assert np.array_equal(found.matrix, made.matrix)
    assert b"invented" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_another_key_or_an_altered_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.cohort"
    save_cohort(path, KEK, cohort(people(150)))
    with pytest.raises(PolicyError, match="another key"):
        load_cohort(path, bytes(32))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedStoreError, match="altered"):
        load_cohort(path, KEK)
    path.write_bytes(b"something else")
    with pytest.raises(UsageError, match="not a file"):
        load_cohort(path, KEK)


def test_a_fused_template_lies_between_its_pictures() -> None:
    one, other = people(2)
    fused = np.array(fuse([template(one), template(other)]).vector)
    assert np.linalg.norm(fused) == pytest.approx(1, abs=1e-5)
    assert fused @ one == pytest.approx(fused @ other, abs=1e-5)
    assert fused @ one > one @ other
    assert fuse([template(one)]) == template(one)


def test_what_cannot_be_fused_is_refused() -> None:
    one = template(people(1)[0])
    with pytest.raises(UsageError):
        fuse([])
    with pytest.raises(PolicyError):
        fuse([one, dataclasses.replace(one, model_sha256="cd" * 32)])
