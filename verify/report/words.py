"""The fixed sentences of a report. Sober on purpose: they are read beside a person's face."""

from __future__ import annotations

from verify.model.face import FaceRole
from verify.model.outcome import Outcome

__all__ = ["CLEAN", "CLOSINGS", "CONCLUSIONS", "FACES", "PURPOSE", "RECHECK", "WHAT_TO_DO"]

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

CLOSINGS = {
    True: "case closed, confirmed by independent evidence",
    False: "case closed, not confirmed",
    None: "case opened again",
}

# INTERPOL's facial comparison conclusions, and the image quality that allows none.
CONCLUSIONS = ("Potential candidate", "No candidate", "Inconclusive", "Insufficient quality")
