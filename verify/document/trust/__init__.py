"""Who may sign: certificates, their signatures, master lists, revocation lists, and the site's store of them.

curves and keys (signatures) -> certificate, signed (messages), crl -> masterlist -> store; imports takes files into it.
"""

from verify.document.trust.certificate import Certificate
from verify.document.trust.crl import RevocationList
from verify.document.trust.imports import Imported, import_trust
from verify.document.trust.keys import SignatureState
from verify.document.trust.masterlist import MasterList, certificate_of, read_master_list
from verify.document.trust.signed import SignedContent, read_signed
from verify.document.trust.store import Chain, TrustStore, TrustVersion, trust_version

__all__ = [
    "Certificate",
    "Chain",
    "Imported",
    "MasterList",
    "RevocationList",
    "SignatureState",
    "SignedContent",
    "TrustStore",
    "TrustVersion",
    "certificate_of",
    "import_trust",
    "read_master_list",
    "read_signed",
    "trust_version",
]
