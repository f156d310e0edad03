"""The batch: a manifest goes in, every item ends in the ledger with its findings, and no file can hurt it."""

from __future__ import annotations

from verify.batch.commission import Commission, Summary
from verify.batch.lists import ReferenceList, open_lists
from verify.batch.manifest import Manifest, read_manifest
from verify.batch.runner import run
from verify.batch.soundness import Soundness, check_job
from verify.batch.standing import Plan, plan

__all__ = [
    "Commission",
    "Manifest",
    "Plan",
    "ReferenceList",
    "Soundness",
    "Summary",
    "check_job",
    "open_lists",
    "plan",
    "read_manifest",
    "run",
]
