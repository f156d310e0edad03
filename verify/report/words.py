"""The fixed sentences of a report. Sober on purpose: they are read beside a person's face."""

from __future__ import annotations

from verify.model.chip import ChipOutcome
from verify.model.face import FaceRole
from verify.model.outcome import Outcome
from verify.model.seal import SealState

__all__ = ["CHIP", "CLEAN", "CLOSINGS", "CONCLUSIONS", "FACES", "PURPOSE", "RECHECK", "SEAL", "WHAT_TO_DO"]

PURPOSE = "Investigative lead only: the machine suggests, a named person decides."
RECHECK = "Re-check at the source before acting."

CLEAN = (
    "No finding does not mean that a document is authentic or that the person is its holder. "
    "Each check looks only for what it is named for.",
    "Check digits that agree support the reading of the MRZ. Whoever prints a document can compute them.",
    "No candidate does not mean that a person is not listed: the entry may carry another name, no picture, "
    "an old picture or a wrong date, or stand in a list that was not searched or has expired.",
    "Comparison of faces errs in both directions, and not equally often for all groups of people, ages and "
    "cameras. Relatives and strangers can look alike; one person can look unlike an earlier picture.",
    "What was not computable was not checked. It is counted here and named on each item; it is never a pass.",
)

WHAT_TO_DO = {
    Outcome.DAMAGED: "Empty, cut off or not decodable. Scan or export it again from the original.",
    Outcome.TOO_LARGE: "Over a limit of this run. Scan at a lower resolution, or raise the named limit.",
    Outcome.UNSUPPORTED: "Not a format this toolkit reads. Save it as JPEG, PNG, TIFF or PDF and run again.",
    Outcome.ENCRYPTED: "Needs a password. Save a copy without one and run again.",
    Outcome.REFUSED: "Missing, or not a plain file below the manifest's root. Correct its path.",
    Outcome.RESOURCE: "Ran out of the time or memory of one item. Run it alone or at a lower resolution.",
    Outcome.CRASH: "The decoder died on it. Do not open it in other programs; report it.",
}

FACES = {
    FaceRole.PORTRAIT: "Portrait",
    FaceRole.GHOST: "Second portrait",
    FaceRole.LIVE: "Live capture",
    FaceRole.OTHER: "Further face",
}

CHIP = {
    ChipOutcome.DIGEST_OK: "the files agree with their signed digests",
    ChipOutcome.DIGEST_BAD: "a file does not agree with its signed digest",
    ChipOutcome.GROUP_MISSING: "a file that is named was not given",
    ChipOutcome.GROUP_EXTRA: "a file was given that nobody has signed",
    ChipOutcome.OBJECT_MISSING: "the security object was not given",
    ChipOutcome.OBJECT_DAMAGED: "the security object cannot be read",
    ChipOutcome.OBJECT_IRREGULAR: "the security object departs from the standard where no signature covers it",
    ChipOutcome.SIGNATURE_OK: "the signature of the security object verifies",
    ChipOutcome.SIGNATURE_BAD: "the signature of the security object does not verify",
    ChipOutcome.SIGNATURE_UNSUPPORTED: "the algorithm of the signature is not supported here",
    ChipOutcome.SIGNER_MISSING: "the signer's certificate was not given",
    ChipOutcome.SIGNER_EXPIRED: "the signer's certificate had expired at inspection",
    ChipOutcome.SIGNER_NOT_YET: "the signer's certificate was not yet valid at inspection",
    ChipOutcome.CHAIN_OK: "the signer was certified by a trusted authority of the state",
    ChipOutcome.CHAIN_UNKNOWN: "the state's authority is not in the trust store; this says nothing against it",
    ChipOutcome.CHAIN_BAD: "the authority that the signer names did not certify it",
    ChipOutcome.REVOKED: "the signer's certificate was revoked",
    ChipOutcome.NOT_REVOKED: "the signer's certificate is on no current revocation list",
    ChipOutcome.REVOCATION_STALE: "the revocation list was out of date",
    ChipOutcome.REVOCATION_UNKNOWN: "there is no revocation list to look at",
    ChipOutcome.STATES_AGREE: "signer, authority and document name the same state",
    ChipOutcome.STATES_DIFFER: "signer, authority and document do not name the same state",
    ChipOutcome.CLONE_NOT_TESTED: "whether the chip is a copy was not tested",
    ChipOutcome.CLONE_TEST_OK: "the chip answered with its private key",
    ChipOutcome.CLONE_TEST_BAD: "the chip's answer was not made with its private key",
}
SEAL = {
    SealState.SIGNATURE_OK: "its signature verifies",
    SealState.SIGNATURE_BAD: "its signature does not verify",
    SealState.SIGNER_UNKNOWN: "there is no certificate to verify it; that says nothing against the document",
    SealState.SIGNATURE_MISSING: "it has no signature",
    SealState.MALFORMED: "it cannot be read",
}

CLOSINGS = {
    True: "case closed, confirmed by independent evidence",
    False: "case closed, not confirmed",
    None: "case opened again",
}

# INTERPOL's facial comparison conclusions, and the image quality that allows none.
CONCLUSIONS = ("Potential candidate", "No candidate", "Inconclusive", "Insufficient quality")
