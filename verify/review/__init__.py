"""The review: people decide here. The machine's suggestions and people's judgements never mix."""

from __future__ import annotations

from verify.review.policy import Policy
from verify.review.procedure import Stage, Standing, standing

__all__ = ["Policy", "Stage", "Standing", "standing"]
