"""Joining a Ray cluster, or starting one of this machine only, that ends with the run (docs/decisions/008-ray.md)."""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

from verify.errors import MissingEngineError, VerifyError
from verify.settings import Settings

__all__ = ["Cluster", "ray_module"]

_LOOPBACK = "127.0.0.1"

_ALWAYS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token"}
_PRIVATE = {
    # Ray replaces 127.0.0.1 by the machine's address, and then listens on all of them, unless this says not to
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_kill_child_processes_on_worker_exit_with_raylet_subreaper": "true",
}


def ray_module() -> Any:
    """Ray, which carries no types.

    Raises:
        MissingEngineError: it is not installed.
    """
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError:
        raise MissingEngineError("ray is not installed: pip install 'verify-toolkit[ray]'") from None


class Cluster:
    """A cluster that this process is a driver of. One at a time.

    Attributes:
        ray: the module, joined.
    """

    def __init__(self, settings: Settings) -> None:
        """Joins the cluster that the settings name, or starts one.

        Raises:
            MissingEngineError: Ray is not installed.
            VerifyError: no cluster answers, or Ray does not start.
        """
        address, self._folder = settings.ray_address, ""
        os.environ.update(_ALWAYS if address else _ALWAYS | _PRIVATE)
        if not address:
            # Ray reads it once in a process, so it stays
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        self.ray = ray_module()
        if not address:
            self._folder = tempfile.mkdtemp(prefix="verify-ray-")  # mode 0700
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        private = {
            "num_cpus": settings.workers,
            "include_dashboard": False,
            "_node_ip_address": _LOOPBACK,
            "_temp_dir": self._folder,
            "_system_config": {"automatic_object_spilling_enabled": False},  # nothing goes to disk in the clear
        }
        try:
            with _signals_kept():
                self.ray.init(**quiet, **({"address": address} if address else private))
            if not address and self.ray.util.get_node_ip_address() != _LOOPBACK:
                raise VerifyError(
                    "Ray was loaded before this run and listens on more than this machine; run it by itself"
                )
        except (ConnectionError, RuntimeError, ValueError, self.ray.exceptions.RayError) as error:
            self.close()
            where = f"no Ray cluster can be joined at {address}" if address else "Ray does not start"
            raise VerifyError(f"{where}: {error}") from error
        except VerifyError:
            self.close()
            raise

    def close(self) -> None:
        """Leaves the cluster; one that was started here ends."""
        self.ray.shutdown()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray takes SIGTERM for itself when it starts; a run ends by its own rules."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
