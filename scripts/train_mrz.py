#!/usr/bin/env python3
"""Trains the line recogniser of the MRZ reader on rendered rows, and measures it.

    apt-get install fonts-ocr-b fonts-liberation fonts-dejavu-core
    pip install 'verify-toolkit[train]'
    python scripts/train_mrz.py --out models/                         # about 100 CPU minutes on two processors
    python scripts/train_mrz.py --out models/ --measure labels.jsonl  # what it reads of labelled rows

No document, name or photograph is shown to the network (scripts/mrz_training). One process renders, one trains, each on
one thread; with the same seed and number of steps the batches are the same. What is written: `mrz-lines-v1.onnx` and
its card `mrz-lines-v1.toml`.
"""

from __future__ import annotations

import argparse
import copy
import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
from mrz_training.measure import Rows, measured, read_labels, report, synthetic
from mrz_training.network import LineNetwork, export
from mrz_training.render import Renderer
from mrz_training.texts import CHARACTERS
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from verify.document.engines.recogniser import STRIDE, normalised
from verify.runtime import Session

NAME = "mrz-lines-v1"
ROWS = 32  # of a batch
KEPT = 240  # batches kept to be shown a second time
Batch = tuple[Tensor, Tensor, Tensor, Tensor]


class Batches(IterableDataset[Batch]):
    """Batches without end: rows of like width, their steps, their classes one after another and how many."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __iter__(self) -> Iterator[Batch]:
        """Starts from the seed, and from another for each worker."""
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        os.nice(5)
        worker = torch.utils.data.get_worker_info()
        renderer = Renderer([self.seed, worker.id if worker else 0])
        while True:
            width = int(renderer.rng.choice([220, 340, 340, 480, 480, 720]))
            yield packed([renderer.row(width) for _ in range(ROWS)])


def packed(rows: Rows) -> Batch:
    """A batch of rows: ROWS x 1 x 32 x W."""
    images = [normalised(row) for row, _text in rows]
    width = -(-max(one.shape[1] for one in images) // STRIDE) * STRIDE
    padded = np.stack([np.pad(one, ((0, 0), (0, width - one.shape[1])), mode="edge") for one in images])[:, None]
    steps = [-(-one.shape[1] // STRIDE) for one in images]
    classes = [CHARACTERS.index(one) + 1 for _row, text in rows for one in text]
    lengths = [len(text) for _row, text in rows]
    return torch.from_numpy(padded), torch.tensor(steps), torch.tensor(classes), torch.tensor(lengths)


def shown(seed: int) -> Iterator[Batch]:
    """Each batch twice: when it is rendered, and again some time later, a little paler or darker."""
    chance = np.random.default_rng(seed)
    kept: list[Batch] = []
    for batch in DataLoader(Batches(seed), batch_size=None, num_workers=1, prefetch_factor=16):
        yield batch
        if len(kept) < KEPT:
            kept.append(batch)
            continue
        place = int(chance.integers(KEPT))
        rows, steps, classes, lengths = kept[place]
        kept[place] = batch
        gain = torch.from_numpy(chance.uniform(0.85, 1.15, (len(rows), 1, 1, 1)).astype(np.float32))
        noise = torch.randn(rows.shape) * float(chance.uniform(0, 0.15))
        yield rows * gain + noise, steps, classes, lengths


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """CTC: each row counts by its characters, rows with fewer steps than characters not at all."""
    _rows, steps, classes, lengths = batch
    logs = torch.log_softmax(scores.float(), -1).transpose(0, 1)
    each = nn.functional.ctc_loss(logs, classes, steps, lengths, reduction="none", zero_infinity=True)
    return each.sum() / lengths.sum()


def train(out: Path, *, steps: int, minutes: float, seed: int, rate: float, start: Path | None) -> LineNetwork:
    """Trains and returns the running mean of the weights; every five minutes they are written beside the network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = LineNetwork()
    if start:
        network.load_state_dict(torch.load(start, weights_only=True))
    mean = copy.deepcopy(network)
    decay, plain = [], []
    for one in network.parameters():
        (decay if one.ndim > 1 else plain).append(one)
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=rate
    )
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    begun, saved, running = time.monotonic(), 0.0, 0.0
    for step, batch in enumerate(shown(seed)):
        passed = time.monotonic() - begun
        done = max(step / steps, passed / 60 / minutes if minutes else 0.0)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 300) * (0.5 * (1 + np.cos(np.pi * min(done, 1.0))) + 0.002)
        network.train()
        loss = loss_of(network(batch[0].contiguous(memory_format=torch.channels_last)), batch)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        follow(mean, network, min(0.999, step / (step + 20)))
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        if step % 100 == 0:
            print(
                f"{step} steps, {passed / 60:.1f} min, {time.process_time() / 60:.1f} CPU min, loss {running:.4f}",
                flush=True,
            )
        if passed - saved > 300 or done >= 1:
            saved = passed
            torch.save(mean.state_dict(), out / f"{NAME}.pt")
        if done >= 1:
            break
    return mean


@torch.no_grad()
def follow(mean: nn.Module, network: nn.Module, keep: float) -> None:
    """Moves the running mean towards the network."""
    for old, new in zip(mean.state_dict().values(), network.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - keep)
        else:
            old.copy_(new)


@torch.no_grad()
def temperature_of(network: LineNetwork, rows: Rows) -> float:
    """The temperature at which held-out rows are likeliest (Guo et al. 2017, on the likelihood of the whole text)."""
    network.eval()
    batches = [packed(rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)]
    scores = [network(batch[0]) for batch in batches]

    def cost(temperature: float) -> float:
        return float(
            np.mean([float(loss_of(one / temperature, batch)) for one, batch in zip(scores, batches, strict=True)])
        )

    return min((round(0.6 + 0.05 * index, 2) for index in range(40)), key=cost)


def publish(network: LineNetwork, out: Path, rows: Rows, note: str) -> None:
    """Writes network and card, each in one stroke."""
    temperature = temperature_of(network, rows[::2])
    fresh = out / f".{NAME}.new"
    export(network, temperature, fresh)
    example = packed(rows[:5])[0]
    with torch.no_grad():
        expected = torch.log_softmax(network.eval()(example) / temperature, -1).numpy()
    apart = float(np.abs(Session(fresh.read_bytes()).run(example.numpy())[0] - expected).max())
    if apart > 1e-4:
        raise SystemExit(f"the exported network differs from the trained one by {apart}")
    figures = measured(Session(fresh.read_bytes()), rows[1::2])
    print(report(figures), f"temperature {temperature}, export differs by {apart:.1e}", flush=True)
    sha256 = hashlib.sha256(fresh.read_bytes()).hexdigest()
    card = CARD.format(
        sha256=sha256, parameters=sum(one.numel() for one in network.parameters()), temperature=temperature, note=note,
        rows=len(rows[1::2]), exact=figures.exact, characters=figures.character_errors,
        today=dt.datetime.now(dt.UTC).date(),
    )  # fmt: skip
    (out / f".{NAME}.toml").write_text(card, encoding="utf-8")
    fresh.replace(out / f"{NAME}.onnx")
    (out / f".{NAME}.toml").replace(out / f"{NAME}.toml")


CARD = '''\
# Model card. Every figure here was measured; none is a setting.
name = "MRZ line recogniser v1"
licence = "Apache-2.0"
source = "trained for this project by scripts/train_mrz.py"
sha256 = "{sha256}"

[training]
data = """rendered rows only: OCR-B of Debian's fonts-ocr-b, Liberation Mono and DejaVu Sans Mono, bent and worn; \\
texts drawn by chance; no name and no document"""
run = "{note}"
parameters = {parameters}
temperature = {temperature} # inside the network

[measured]
date = "{today}"
rendered_rows = {rows} # held out, all degrees of harm, some of them past reading
rendered_exact = {exact:.4f} # greedy, without any knowledge of the format
rendered_character_error_rate = {characters:.4f}
'''


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of network and card")
    parser.add_argument("--steps", type=int, default=12000, help="batches of 32 rows")
    parser.add_argument("--minutes", type=float, default=0.0, help="end after this time if it comes first")
    parser.add_argument("--seed", type=int, default=9303)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest rate of learning")
    parser.add_argument("--start", type=Path, help="go on from the weights of a checkpoint")
    parser.add_argument("--publish", type=Path, help="no training: export the weights of this checkpoint")
    parser.add_argument(
        "--measure", type=Path, help="no training: read the rows of this labels.jsonl with the network in --out"
    )
    chosen: Any = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.measure:
        print(report(measured(Session(chosen.out / f"{NAME}.onnx"), read_labels(chosen.measure)), every=True))
        return
    if chosen.publish:
        network = LineNetwork()
        network.load_state_dict(torch.load(chosen.publish, weights_only=True))
        publish(network, chosen.out, synthetic(1200), "a checkpoint on the way")
        return
    begun = time.monotonic()
    network = train(
        chosen.out, steps=chosen.steps, minutes=chosen.minutes, seed=chosen.seed, rate=chosen.rate, start=chosen.start
    )
    minutes, busy = (time.monotonic() - begun) / 60, time.process_time() / 60
    took = f"seed {chosen.seed}, {minutes:.0f} minutes, {busy:.0f} CPU minutes in the trainer"
    publish(network, chosen.out, synthetic(2400), took)


if __name__ == "__main__":
    main()
