"""Exact identification on one core: rate against bare matrix products, memory bandwidth and faiss, and its memory.

    scripts/bench gallery [--templates 1000000] [--probes 1024] [--values 128] [--rounds 3] [--part all]

Everything runs on one thread. Times are CPU seconds, and each ratio is the median over rounds of two figures taken one
after the other, because a machine is seldom quiet. The templates are random unit vectors: they cost what faces cost,
and say nothing of error rates. Parts: batch, one, memory, large (10,000,000 templates as int8, float32 on the disk).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search import (
    Templates,
    blas_kernel,
    integer_bits,
    processor_has_integer_products,
    quantise,
    search,
    unit_rows,
)
from verify.gallery.search.layout import Tiling
from verify.gallery.search.look import parts_of
from verify.gallery.search.products import float_products

Floats = NDArray[np.float32]
LIMIT = 10
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BLOCK = 1 << 16


def people(rows: int, values: int, seed: int) -> Floats:
    """Random unit vectors."""
    found = np.empty((rows, values), dtype=np.float32)
    chance = np.random.default_rng(seed)
    for start in range(0, rows, BLOCK):
        part = found[start : start + BLOCK]
        part[:] = unit_rows(chance.standard_normal(part.shape, dtype=np.float32))
    return found


def seconds(act: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def paired(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median ratio one : other, and the least seconds of each."""
    taken = [(seconds(one), seconds(other)) for _ in range(rounds)]
    ratio = float(np.median([a / b for a, b in taken]))
    return ratio, min(a for a, _ in taken), min(b for _, b in taken)


def by_numpy(probes: Floats, matrix: Floats) -> None:
    """The products of a search by numpy, in tiles of the same size, and nothing else."""
    tiling = Tiling.of(len(probes))
    memory = np.empty(tiling.probes * tiling.rows, dtype=np.float32)
    for start in range(0, len(matrix), tiling.rows):
        piece = matrix[start : start + tiling.rows]
        for part in parts_of(len(probes), tiling):
            some = probes[part]
            np.matmul(some, piece.T, out=memory[: len(some) * len(piece)].reshape(len(some), len(piece)))


def by_search(probes: Floats, matrix: Floats) -> None:
    """The products of a search as it computes them, and nothing else."""
    tiling = Tiling.of(len(probes))
    parts = parts_of(len(probes), tiling)
    ready = [float_products(probes[part], len(matrix)) for part in parts]
    memory = np.empty(tiling.probes * tiling.rows, dtype=np.float32)
    for start in range(0, len(matrix), tiling.rows):
        piece = matrix[start : start + tiling.rows]
        for part, product in zip(parts, ready, strict=True):
            size = part.stop - part.start
            product.into(memory[: len(piece) * size].reshape(len(piece), size), piece)


def peak_rate() -> float:
    """Greatest rate of a large product, operations a CPU second."""
    side = 1500
    square = np.ones((side, side), dtype=np.float32)
    return max(2.0 * side**3 / seconds(lambda: square @ square) for _ in range(4))


def batch(matrix: Floats, probes: Floats, rounds: int) -> None:
    """Many probes at once."""
    rows, values = matrix.shape
    work = 2.0 * rows * values * len(probes)
    owners = np.arange(rows)
    plain = Templates(matrix, owners, values)
    coarse = Templates(matrix, owners, values, quantise([matrix], rows, values))

    def by_float() -> None:
        search(probes, plain, limit=LIMIT)

    def by_int() -> None:
        search(probes, coarse, limit=LIMIT)

    ratio, bare, found = paired(lambda: by_numpy(probes, matrix), by_float, rounds)
    print(f"float32 rate / its products alone by numpy  {ratio:.3f}   (target 0.9)")
    print(f"  products {bare:.2f} s, search {found:.2f} s, {len(probes) / found:.0f} probes/s")
    ratio, bare, _ = paired(lambda: by_search(probes, matrix), by_float, rounds)
    print(f"float32 rate / its own products alone       {ratio:.3f}")
    peak = peak_rate()
    print(f"  of the peak of this run, {peak / 1e9:.0f} GFLOP/s: search {work / found / peak:.2f}")
    ratio, _, second = paired(by_float, by_int, rounds)
    fast = "has" if processor_has_integer_products() else "has no"
    print(f"float32 / int8 time                         {ratio:.2f}    ({fast} byte products; {integer_bits()} bits)")
    print(f"  int8 search {second:.2f} s, {len(probes) / second:.0f} probes/s")
    one, other = search(probes, plain, limit=LIMIT), search(probes, coarse, limit=LIMIT)
    same = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("probes", "subjects", "scores"))
    print(f"  ids, scores and order equal to float32's: {same}")
    against_faiss(matrix, probes, by_float, one.subjects, rounds)


def against_faiss(
    matrix: Floats, probes: Floats, ours: Callable[[], None], subjects: NDArray[np.int64], rounds: int
) -> None:
    """The same search by faiss, where it is installed."""
    try:
        import faiss
    except ImportError:
        print("faiss is not installed; not compared")
        return
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(matrix.shape[1])
    index.add(matrix)
    ratio, theirs, _ = paired(lambda: index.search(probes, LIMIT), ours, rounds)
    print(f"faiss {faiss.__version__} Flat / float32 time              {ratio:.2f}    (target 1)")
    _, found = index.search(probes, LIMIT)
    print(f"  faiss {theirs:.2f} s; subjects it has in common: {np.mean(found.reshape(-1) == subjects):.5f}")


def one_probe(matrix: Floats, rounds: int) -> None:
    """A single probe, which the memory bounds."""
    whole = matrix.reshape(-1).view(np.int32)
    ones = np.ones(matrix.shape[1], dtype=np.float32)
    templates = Templates(matrix, np.arange(len(matrix)), matrix.shape[1])
    probe = people(1, matrix.shape[1], 9)
    acts = (lambda: search(probe, templates, limit=LIMIT), whole.max, lambda: matrix @ ones)
    taken = np.array([[seconds(act) for act in acts] for _ in range(rounds * 5)])
    faster = 1 + int(np.argmin(np.median(taken[:, 1:], axis=0)))  # two ways of reading all templates once
    ratio = float(np.median(taken[:, 0] / taken[:, faster]))
    print(f"one probe / reading the templates once      {ratio:.2f}    (target 1.2)")
    least = taken.min(axis=0)
    print(f"  {least[0] * 1000:.0f} ms; memory {matrix.nbytes / least[faster] / 1e9:.1f} GB/s")


def memory(rows: int, values: int, count: int) -> None:
    """Peak memory of this process beyond what it had before, over the size of the templates."""
    probes = people(count, values, 2)
    before = resident("VmRSS")
    matrix = people(rows, values, 1)
    loaded = resident("VmHWM")
    search(probes, Templates(matrix, np.arange(rows), values), limit=LIMIT)
    share = (resident("VmHWM") - before) / matrix.nbytes
    print(f"peak memory / templates, float32            {share:.2f}    (target 1.3)")
    print(f"  templates {matrix.nbytes >> 20} MiB, peak before the search {(loaded - before) >> 20} MiB")


def resident(name: str) -> int:
    """Bytes of this process in memory, or its peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def large(rows: int, values: int, count: int) -> None:
    """Many templates: int8 in memory, float32 on the disk, where only the rows that come near a list are read."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "templates"
        chance = np.random.default_rng(3)

        def pieces() -> Iterator[Floats]:
            with path.open("wb") as file:
                for start in range(0, rows, BLOCK):
                    shape = (min(BLOCK, rows - start), values)
                    piece = unit_rows(chance.standard_normal(shape, dtype=np.float32))
                    piece.tofile(file)
                    yield piece

        codes = quantise(pieces(), rows, values)
        matrix = np.memmap(path, dtype=np.float32, mode="r", shape=(rows, values))
        probes = np.array(matrix[:: max(1, rows // count)][:count])
        found = search(probes, Templates(matrix, np.arange(rows), values, codes), limit=LIMIT)  # once, to load
        taken = seconds(lambda: search(probes, Templates(matrix, np.arange(rows), values, codes), limit=LIMIT))
        first = found.subjects[np.searchsorted(found.probes, np.arange(len(probes)))]
        itself = np.array_equal(first, np.arange(0, rows, max(1, rows // count))[:count])
        print(
            f"{rows:,} x {values} as int8: {taken:.1f} s for {len(probes)} probes, {len(probes) / taken:.0f} probes/s"
        )
        print(f"  codes {codes.codes.nbytes >> 20} MiB; each probe first on its own list: {itself}")


def main() -> None:
    """Runs the parts and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--templates", type=int, default=1_000_000)
    parser.add_argument("--probes", type=int, default=1024)
    parser.add_argument("--values", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=["all", "batch", "one", "memory", "large"], default="all")
    asked = parser.parse_args()
    if not ONE_THREAD.items() <= os.environ.items():  # numpy looks at them once, when it is loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    if asked.part == "all":
        for part in ("batch", "one", "memory", "large"):  # each in a process of its own, for its memory
            rest = [f"--{name}={getattr(asked, name)}" for name in ("templates", "probes", "values", "rounds")]
            subprocess.run([sys.executable, __file__, "--part", part, *rest], check=True)
        return
    if asked.part == "large":
        large(10 * asked.templates, asked.values, asked.probes)
    elif asked.part == "memory":
        memory(asked.templates, asked.values, asked.probes)
    else:
        matrix = people(asked.templates, asked.values, 1)
        if asked.part == "one":
            one_probe(matrix, asked.rounds)
        else:
            print(f"{asked.templates:,} x {asked.values}, {asked.probes} probes, top {LIMIT}")
            print(f"large products: onnxruntime {version('onnxruntime')}; others: {blas_kernel()}")
            batch(matrix, people(asked.probes, asked.values, 2), asked.rounds)


if __name__ == "__main__":
    main()
