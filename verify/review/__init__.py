"""The review: people decide here. The machine's suggestions and people's judgements never mix."""

from __future__ import annotations

from verify.review.accounts import Accounts
from verify.review.desk import Desk
from verify.review.known import KnownAnswers
from verify.review.memory import Memory
from verify.review.policy import Policy
from verify.review.procedure import Stage, Standing, standing
from verify.review.sessions import Sessions

__all__ = ["Accounts", "Desk", "KnownAnswers", "Memory", "Policy", "Sessions", "Stage", "Standing", "standing"]
