"""Executions of state machines.

MiniStack does not resume an execution after a restart; it fails it. So a record is written when an execution starts and
when its status changes, and the end that nobody saw is announced when it is found.
"""

from collections.abc import Iterable
from types import ModuleType

from .frames import Record
from .part import Records
from .values import from_json, to_json

EXECUTION = "execution"


class Executions:
    """One record for each execution: ("execution", account, region, ARN)."""

    service = "stepfunctions"
    kinds = frozenset({EXECUTION})

    def __init__(self, stepfunctions: ModuleType) -> None:
        """Reads the executions of `ministack.services.stepfunctions`."""
        self._stepfunctions = stepfunctions
        self._kept: dict[tuple[str, str, str], str] = {}

    def changes(self) -> Iterable[Record]:
        executions = self._stepfunctions._executions._data
        for scope, execution in list(executions.items()):
            status = execution["status"]
            if self._kept.get(scope) != status:
                self._kept[scope] = status
                # Its thread may add events meanwhile: a copy of the list does not grow while it is written.
                text = to_json({**execution, "status": status, "events": list(execution["events"])})
                yield (EXECUTION, *scope), text
        for scope in self._kept.keys() - executions.keys():
            del self._kept[scope]
            yield (EXECUTION, *scope), None

    def complete(self, state: dict, records: Records) -> None:
        for (_, *scope), text in records.items():
            state["executions"]._data[tuple(scope)] = from_json(text)

    def watch(self, records: Records) -> None:
        self._kept = {tuple(scope): from_json(text)["status"] for (_, *scope), text in records.items()}

    def announce(self) -> None:
        """Sends the event of the end to whoever waits for it, for each execution that a restart ended."""
        from ministack.core.responses import request_scope

        for (account, region, _), execution in self._stepfunctions._executions.all_items():
            if execution["status"] != self._kept.get((account, region, execution["executionArn"])):
                with request_scope(account, region):
                    self._stepfunctions._emit_execution_status_event(execution)
