"""How many people decide, and what they may see first: the terms a review is held under."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Policy"]


class Policy(BaseModel):
    """The terms of a review; every change of them is an event of the audit log.

    Two different people judge each question unless a legal basis for one is written down (Regulation (EU) 2024/1689,
    Article 14(5): two natural persons, unless law holds this disproportionate).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reviewers: int = Field(2, ge=1, le=2, description="people who judge each question, not seeing each other's answer")
    legal_basis: str = Field("", max_length=500, description="why one reviewer may do; needed when reviewers = 1")
    blind: bool = Field(True, description="rank and score stay hidden until the first judgement is saved")
    remember: bool = Field(True, description="a pair found to be two people in another job is not asked about again")
    lock_minutes: int = Field(15, ge=1, le=240, description="after which an untouched lock on a case is stale")

    @model_validator(mode="after")
    def _two_or_a_reason(self) -> Policy:
        if self.reviewers == 1 and not self.legal_basis.strip():
            raise ValueError("one reviewer needs a legal_basis text; give it, or leave reviewers at 2")
        return self
