"""A run: every item of a manifest into the ledger, once, with its findings; then what only the whole batch shows."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from verify import __version__
from verify.audit import kinds
from verify.batch.codec import ITEM_RESULT, LINKAGE, RUN_RECORD
from verify.batch.commission import Commission, Summary
from verify.batch.engines import BatchEngine, get_batch_engine
from verify.batch.lists import ReferenceList
from verify.batch.logs import RunLog
from verify.batch.pinned import pinned, refuse_others
from verify.batch.readings import Key, ReadItem, read_items
from verify.batch.record import Basis, link_threshold, run_record, searches, sha256_text
from verify.batch.screen import Screening
from verify.batch.stages import describe_engines
from verify.batch.standing import Reason, Standing
from verify.checks import Batch, of_site, run_batch
from verify.errors import PolicyError, VerifyError
from verify.face import Description
from verify.gallery import locally
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.linkage import presence_of
from verify.model.finding import Finding
from verify.model.item import Item, ItemFile
from verify.model.outcome import Outcome
from verify.model.result import FileReading
from verify.model.run import RunRecord
from verify.model.score import Threshold
from verify.settings import Settings

__all__ = ["run"]

_RETRYABLE = {Outcome.CRASH, Outcome.RESOURCE}
_POISON = 2  # attempts after which an item is not tried again by itself
_SANDBOX = ("landlock", "seccomp")
_PROBE_KEY = "probe commitment"
_Links = tuple[tuple[str, Finding], ...]


def run(
    commission: Commission,
    settings: Settings,
    lists: tuple[ReferenceList, ...],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM),
) -> Summary:
    """Runs a batch. A signal ends it after the items in flight, a second one at once; both can be resumed.

    Args:
        commission: manifest, place, key, operator and purpose.
        settings: of the run.
        lists: to search.
        progress: told (items done, items in all).
        signals: that end it.

    Raises:
        PolicyError: the job directory belongs to another manifest, or has a job and `resume` is not set; a gallery
            is of another face engine; a sandbox is required and not in force.
        LockedError: another run holds the job.
        MissingEngineError: an engine is not installed.
    """
    with _opened(commission, pinned(settings, lists)) as ledger:
        return _Run(commission, pinned(settings, lists, ledger), lists, ledger, progress, signals).go()


def _opened(commission: Commission, settings: Settings) -> Ledger:
    now = dt.datetime.now(dt.UTC)
    header = JobHeader(
        job_id=secrets.token_hex(8),
        created=now,
        manifest_sha256=commission.manifest.sha256,
        purpose=commission.purpose,
        operator=commission.operator,
        retention_until=(now + dt.timedelta(days=settings.retention_days)).date(),
        settings=settings.model_dump_json(exclude={"key_file"}),
        tool_version=__version__,
    )
    if commission.resume:
        return Ledger.open_or_create(commission.job_dir, commission.kek, header)
    try:
        return Ledger.create(commission.job_dir, commission.kek, header)
    except PolicyError as error:
        raise PolicyError(f"{error}; to go on with it, give --resume") from error


class _Run:
    """One run over an open ledger."""

    def __init__(
        self,
        commission: Commission,
        settings: Settings,
        lists: tuple[ReferenceList, ...],
        ledger: Ledger,
        progress: Callable[[int, int], None],
        signals: Sequence[signal.Signals],
    ) -> None:
        engines = describe_engines(settings)
        self._commission, self._settings, self._ledger, self._progress = commission, settings, ledger, progress
        self._engines = engines
        engine = Description(engines["face"], engines["face_sha256"], engines["face_card"])
        refuse_others(engine, lists)
        self._screening = Screening(settings, engine, lists)
        of_site(settings)  # a check that is not the one allowed ends the run before anything is read
        self._basis = Basis(settings, engines, lists)
        self._run_id, self._begun_at = secrets.token_hex(8), dt.datetime.now(dt.UTC)
        self._layers: tuple[str, ...] = ()
        self._resumed = 0
        self._begun: dict[str, Reason] = {}  # items in flight
        self._stopping = False
        self._ended_by = signals
        self._log = RunLog(self._run_id, ledger.header.job_id)

    def go(self) -> Summary:
        """Items, then linkage, then the record of the run; nothing is started when there is nothing to do."""
        self._ledger.append(self._started())
        self._log.started(len(self._commission.manifest.items))
        with self._signals():
            waiting = self._waiting()
            first = next(waiting, None)
            if first is None and (earlier := self._earlier()) is not None:
                self._ledger.append(self._ended(earlier))
                self._log.ended(earlier)
                return earlier
            if first is not None:
                self._read_all(itertools.chain([first], waiting))
            links, threshold = self._link()
        summary = self._sum_up(links)
        record = self._record(summary, threshold)
        self._ledger.record_run(self._run_id, RUN_RECORD.dump_json(record).decode(), self._ended(summary))
        self._log.ended(summary)
        return summary

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal lets the items in flight finish, the second one ends the run at once."""

        def stop(_number: int, _frame: object) -> None:
            if self._stopping:
                raise KeyboardInterrupt
            self._stopping = True

        previous = {number: signal.signal(number, stop) for number in self._ended_by}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _waiting(self) -> Iterator[tuple[int, Item]]:
        """Items that are to be computed now, each with the reason noted; drawn as workers are free."""
        standing = Standing(self._commission, self._settings, self._basis, self._ledger)
        begun = 0
        for position, item in enumerate(self._commission.manifest.items):
            if self._stopping or begun == self._commission.limit:
                return
            reason = standing.reason(position, item)
            if reason is None:
                self._resumed += 1
                continue
            self._begun[item.item_id] = reason
            self._log.begun(item.item_id)
            begun += 1
            yield position, item

    # --- computing them ---

    def _read_all(self, items: Iterator[tuple[int, Item]]) -> None:
        manifest = self._commission.manifest
        with get_batch_engine(self._settings) as engine:
            engine.start()
            self._check(engine)
            self._screening = replace(self._screening, searcher=engine.search or locally)
            found = read_items(manifest.root, items, engine, self._settings, known=self._known)
            for done, one in enumerate(found, start=1):
                self._finish(one)
                self._progress(done + self._resumed, len(manifest.items))

    def _check(self, engine: BatchEngine[Key]) -> None:
        if engine.engines != self._engines:
            raise VerifyError("the workers load other engines than this process finds; run 'verify doctor'")
        self._layers = engine.layers
        missing = [name for name in _SANDBOX if not any(layer.startswith(name) for layer in engine.layers)]
        if self._settings.require_sandbox and missing:
            raise PolicyError(f"{' and '.join(missing)} not in force on this machine, and require_sandbox is set")

    def _known(self, file: ItemFile, item: Item, sha256: str) -> tuple[FileReading, dict[str, bytes]] | None:
        """What was read before from the same bytes, with its pictures."""
        place = self._ledger.reading_of(self._basis.reading(file.role, item.inspection_date, sha256))
        if place is None:
            return None
        item_id, number = place
        record = self._ledger.item(item_id)
        if record is None:
            return None
        reading = ITEM_RESULT.validate_json(record.payload).readings[number]
        if reading.outcome.sha256 != sha256:
            return None
        kept = {picture.name: self._ledger.blob(item_id, picture.name) for picture in reading.pictures}
        return reading, {name: data for name, data in kept.items() if data is not None}

    def _finish(self, found: ReadItem) -> None:
        item, readings = found.item, found.readings
        result, references = self._screening.screen(item, readings)
        hashes = [one.outcome.sha256 for one in readings]
        reason = self._begun.pop(item.item_id)
        failure = next((one.outcome.outcome.value for one in readings if one.outcome.outcome in _RETRYABLE), "")
        state = (
            ItemState.DONE if not failure else ItemState.FAILED if reason.attempts + 1 < _POISON else ItemState.POISON
        )
        record = ItemRecord(
            item_id=item.item_id,
            ordinal=found.position,
            fingerprint=self._basis.fingerprint(item, hashes),
            state=state,
            payload=ITEM_RESULT.dump_json(result).decode(),
            failure=failure,
            attempts=reason.attempts + 1,
            basis=json.dumps(self._basis.of(item, hashes)),
            why=reason.text,
        )
        keys = {
            self._basis.reading(one.outcome.role, item.inspection_date, one.outcome.sha256): number
            for number, one in enumerate(readings)
            if one.outcome.sha256 and one.outcome.outcome not in _RETRYABLE
        }
        for event in searches(self._commission, result, self._ledger.derive_key(_PROBE_KEY)):
            self._ledger.append(event)
        self._ledger.record_item(record, {**found.pictures, **references}, self._recorded(record, hashes), keys)
        self._log.recorded(record, result)

    # --- after the items ---

    def _link(self) -> tuple[_Links, Threshold | None]:
        """What only the finished ledger can show; the threshold follows the number of faces compared."""
        presences = tuple(presence_of(ITEM_RESULT.validate_json(one.payload)) for one in self._ledger.items())
        threshold = link_threshold(self._screening, presences)
        batch, own = Batch(presences, threshold, self._screening.cohort), of_site(self._settings)
        links = run_batch(batch, skip=self._settings.skip_checks, more=own)
        event = kinds.linkage_recorded(
            self._commission.operator, self._commission.purpose, items=len(presences), findings=len(links)
        )
        self._ledger.record_linkage(LINKAGE.dump_json(links).decode(), event)
        return links, threshold

    def _sum_up(self, links: _Links) -> Summary:
        summary = Summary(resumed=self._resumed, interrupted=self._stopping)
        for one in self._ledger.items():
            summary.add(ITEM_RESULT.validate_json(one.payload))
        summary.add_links(links)
        return summary

    def _earlier(self) -> Summary | None:
        """What the last run of this job came to, when nothing was left for this one; None when none has ended."""
        last = None
        for last in self._ledger.runs():  # noqa: B007 - the last one counts
            pass
        record = RUN_RECORD.validate_json(last) if last else None
        if record is None or record.ended is None:
            return None
        return Summary.of(record.counts, resumed=self._resumed, interrupted=self._stopping)

    # --- what is written down ---

    def _started(self) -> Event:
        return kinds.run_started(
            self._commission.operator,
            self._commission.purpose,
            run_id=self._run_id,
            tool_version=__version__,
            manifest_sha256=self._commission.manifest.sha256,
            settings_sha256=self._settings.result_fingerprint(),
            models_sha256=sha256_text(self._engines["face_sha256"]),
            items=len(self._commission.manifest.items),
        )

    def _recorded(self, record: ItemRecord, hashes: list[str]) -> Event:
        return kinds.item_recorded(
            self._commission.operator,
            self._commission.purpose,
            item_id=record.item_id,
            source_sha256=sha256_text("".join(hashes)),
            fingerprint=record.fingerprint,
            state=record.state,
        )

    def _ended(self, summary: Summary) -> Event:
        counts = self._ledger.counts()
        return kinds.run_ended(
            self._commission.operator,
            self._commission.purpose,
            run_id=self._run_id,
            exit_code=int(summary.exit_code),
            done=counts[ItemState.DONE],
            failed=counts[ItemState.FAILED],
            poison=counts[ItemState.POISON],
            skipped=counts[ItemState.SKIPPED],
        )

    def _record(self, summary: Summary, threshold: Threshold | None) -> RunRecord:
        header = self._ledger.header
        record = run_record(
            self._commission,
            self._settings,
            self._screening,
            job_id=header.job_id,
            started=self._begun_at,
            retention_until=header.retention_until,
            engines=self._engines,
            layers=self._layers,
        )
        thresholds = (*record.thresholds, threshold) if threshold is not None else record.thresholds
        return replace(
            record,
            ended=None if summary.interrupted else dt.datetime.now(dt.UTC),
            thresholds=tuple(dict.fromkeys(thresholds)),
            counts=summary.counts(),
        )
