"""The people who may sign in: names, roles and Argon2id password hashes in one file, readable by its owner only."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import TypeAdapter, ValidationError

from verify.errors import PolicyError, UsageError
from verify.model.judgement import ReviewRole
from verify.vault.files import write_private

__all__ = ["Account", "Accounts"]

# RFC 9106, section 4, second recommended option (64 MiB, 3 passes, 4 lanes)
_MEMORY, _PASSES, _LANES, _LENGTH, _SALT = 1 << 16, 3, 4, 32, 16
_LEAST_PASSWORD, _LONGEST_PASSWORD = 12, 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in.

    Attributes:
        name: as it stands beside every judgement.
        role: what the person may do.
        password: Argon2id hash in PHC notation.
    """

    name: str
    role: ReviewRole
    password: str


_ACCOUNTS: TypeAdapter[list[Account]] = TypeAdapter(list[Account])


class Accounts:
    """The file of accounts."""

    def __init__(self, path: Path) -> None:
        """Reads the file; one that is not there has no accounts yet.

        Raises:
            UsageError: it cannot be read, or is none of ours.
        """
        self._path = path
        try:
            found = _ACCOUNTS.validate_json(path.read_bytes()) if path.exists() else []
        except OSError as error:
            raise UsageError(f"{path}: cannot read the accounts ({error.strerror})") from error
        except ValidationError as error:
            raise UsageError(f"{path}: is no file of accounts, or damaged; restore it from a backup") from error
        self._accounts = {one.name: one for one in found}

    @property
    def roles(self) -> dict[str, ReviewRole]:
        """The role of each person."""
        return {name: one.role for name, one in self._accounts.items()}

    def add(self, name: str, role: ReviewRole, password: str) -> None:
        """Adds a person, or gives an existing one a new role and password.

        Raises:
            UsageError: the name or the password will not do, or the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise UsageError("an account name has 1 to 40 of a-z, 0-9, '.', '_' and '-', a letter or digit first")
        if not _LEAST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
            raise UsageError(f"a password has {_LEAST_PASSWORD} to {_LONGEST_PASSWORD} characters")
        self._accounts[name] = Account(name, role, _hashed(password))
        write_private(self._path, _ACCOUNTS.dump_json([self._accounts[one] for one in sorted(self._accounts)]))

    def check(self, name: str, password: str) -> Account:
        """The account of this name and password; a wrong name takes as long as a wrong password.

        Raises:
            PolicyError: there is none.
        """
        account = self._accounts.get(name)
        kept = account.password if account else self._decoy
        if _fits(kept, password[:_LONGEST_PASSWORD]) and account is not None:
            return account
        raise PolicyError("name or password is wrong")

    @cached_property
    def _decoy(self) -> str:
        return _hashed(secrets.token_hex())


def _kdf() -> Argon2id:
    return Argon2id(salt=os.urandom(_SALT), length=_LENGTH, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY)


def _hashed(password: str) -> str:
    return _kdf().derive_phc_encoded(password.encode())


def _fits(kept: str, password: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True
