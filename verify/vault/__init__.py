"""Keys, encryption at rest, secure deletion, the one-writer lock: what the ledger and the gallery stand on.

    key file (32 bytes, mode 0600, kept apart from the data; on its own, or sealed by a passphrase with Argon2id)
      └── wraps the data key of one job or gallery (`key.json`, beside its database)
            ├── HKDF, one key a purpose: database pages, signatures, ...
            └── in a gallery, wraps a data key for each subject: destroying that one is to forget the subject

Deleting is done by destroying `key.json`: without it the rest is noise. What a disk that remaps its blocks,
a snapshot or a backup of `key.json` still holds is outside what this can promise.
"""
