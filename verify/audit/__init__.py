"""The audit trail: the kinds of events, and the proof that none was changed, removed or added.

The chain lives in the ledger, in the transactions of the results. A chain alone cannot show that its end was
cut off or that a holder of the key wrote it anew: for that, a signed checkpoint is to be printed in every
report and bundle, and compared later.
"""

from verify.audit.chain import ChainFault, ChainReport, verify_chain, verify_results
from verify.audit.checkpoint import Checkpoint, checkpoint, verify_checkpoint

__all__ = [
    "ChainFault",
    "ChainReport",
    "Checkpoint",
    "checkpoint",
    "verify_chain",
    "verify_checkpoint",
    "verify_results",
]
