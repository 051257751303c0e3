"""Everything that is set up and rarely changes: stacks, functions, rules, queues and tables without their content.

One record for each service: ("state", service). A stack in the middle of a change is never recorded, so a kill during a
deployment leaves what was deployed before it.
"""

import copy
import re
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from .frames import Record
from .values import to_json

STATE = "state"
# Grows with every invocation, and nothing reads it after a restart.
NOT_KEPT = frozenset({"cloudwatch_logs"})
# Requests that change no configuration. They are most requests, and looking at a service's state costs milliseconds.
READS = re.compile(
    r"^(?:Admin)?(Describe|List|Get|Head|Batch|Query|Scan|Search|Test|Validate|Detect|Assume|Filter)"
)
CONTENT = frozenset(
    {
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "TransactWriteItems",
        "TransactGetItems",
        "SendMessage",
        "SendMessageBatch",
        "ReceiveMessage",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "PutEvents",
        "PutMetricData",
        "PutLogEvents",
        "InitiateAuth",
        "AdminInitiateAuth",
        "RespondToAuthChallenge",
        "RevokeToken",
        "SignUp",
        "AdminCreateUser",
        "AdminSetUserPassword",
        "AdminAddUserToGroup",
        "AdminUserGlobalSignOut",
        "ChangePassword",
        "GlobalSignOut",
        "AdminDeleteUser",
        "AdminUpdateUserAttributes",
        "ForgotPassword",
        "ConfirmForgotPassword",
        "ConfirmSignUp",
        "StartExecution",
        "StopExecution",
        "SendTaskSuccess",
        "SendTaskFailure",
        "SendTaskHeartbeat",
    }
)
_BUCKET_ALONE = re.compile(r"^/[^/]+/?$")


class Configuration:
    """The configuration of every service of `ministack.app`."""

    def __init__(self, app: ModuleType) -> None:
        """Knows how to take the state of each service without what other parts record."""
        self._app = app
        self._kept: dict[str, int] = {}
        self._suspects: set[str] = set()
        self._own: dict[str, Callable[[ModuleType], dict]] = {
            "dynamodb": _tables_without_items,
            "sqs": _queues_without_messages,
            "cognito": _pools_without_users,
            "stepfunctions": _machines_without_executions,
            "lambda": _functions_without_positions,
        }

    def note(self, service: str, method: str, path: str, action: str) -> None:
        """Remembers a request that may have changed a service's configuration."""
        if method in {"GET", "HEAD"} or action in CONTENT or READS.match(action):
            return
        if path.endswith("/invocations") or (
            service == "s3" and (method == "POST" or not _BUCKET_ALONE.match(path))
        ):
            return
        # A stack changes other services without a request.
        self._suspects.add("*" if service == "cloudformation" else service)

    def note_all(self) -> None:
        """Looks at every service the next time."""
        self._suspects.add("*")

    def changes(self) -> Iterable[Record]:
        """The records of the services that changed; none while a stack is being changed."""
        if not self._suspects or self._is_deploying():
            return
        suspects, self._suspects = self._suspects, set()
        names = None if "*" in suspects else {self._state_key(name) for name in suspects}
        for name, get_state in self._app._build_persistence_save_dict().items():
            if name in NOT_KEPT or (names is not None and name not in names):
                continue
            take = self._own.get(name)
            state = take(self._app._get_module(self._app._state_map[name])) if take else get_state()
            if state is None:
                continue
            text = to_json(state)
            if self._kept.get(name) != hash(text):
                self._kept[name] = hash(text)
                yield (STATE, name), text

    def watch(self, records: dict) -> None:
        """Takes what was loaded for recorded."""
        self._kept = {name: hash(text) for (_, name), text in records.items()}

    def _state_key(self, service: str) -> str:
        config = self._app.SERVICE_REGISTRY[service]
        return config.get("state_key", config["module"])

    def _is_deploying(self) -> bool:
        stacks = self._app._loaded_modules.get("cloudformation")
        return stacks is not None and any(
            stack.get("StackStatus", "").endswith("_IN_PROGRESS") for stack in stacks._stacks.all_values()
        )


def _mapped(store: Any, change: Callable[[dict], dict]) -> Any:
    """A scoped store with a copy of each record."""
    copied = type(store)()
    copied._data = {scope: copy.deepcopy(change(record)) for scope, record in store.all_items()}
    return copied


def _without(*names: str) -> Callable[[dict], dict]:
    return lambda record: {name: value for name, value in record.items() if name not in names}


def _tables_without_items(dynamodb: ModuleType) -> dict:
    strip = _without("items", dynamodb._INDEX_MEMBERS, "ItemCount", "TableSizeBytes")
    others = "tags ttl_settings pitr_settings kinesis_destinations contributor_insights backups resource_policies exports imports"
    return {
        "tables": _mapped(dynamodb._tables, lambda table: {**strip(table), "items": {}}),
        **{name: copy.deepcopy(getattr(dynamodb, f"_{name}")) for name in others.split()},
    }


def _queues_without_messages(sqs: ModuleType) -> dict:
    counts = _without(*(f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")))
    return {
        "queues": _mapped(
            sqs._queues, lambda queue: {**queue, "messages": [], "attributes": counts(queue["attributes"])}
        ),
        "queue_name_to_url": copy.deepcopy(sqs._queue_name_to_url),
    }


def _pools_without_users(cognito: ModuleType) -> dict:
    def strip(pool: dict) -> dict:
        groups = {name: _without("_members")(group) for name, group in pool["_groups"].items()}
        return {**_without("EstimatedNumberOfUsers")(pool), "_users": {}, "_groups": groups}

    others = "pool_domain_map identity_pools identity_tags authorization_codes refresh_tokens auth_codes challenge_sessions"
    return {
        "user_pools": _mapped(cognito._user_pools, strip),
        "revoked_tokens": [],
        **{name: copy.deepcopy(getattr(cognito, f"_{name}")) for name in others.split()},
    }


def _machines_without_executions(stepfunctions: ModuleType) -> dict:
    others = "state_machines tags activities state_machine_versions state_machine_aliases map_runs"
    return {
        "executions": type(stepfunctions._executions)(),
        **{name: copy.deepcopy(getattr(stepfunctions, f"_{name}")) for name in others.split()},
    }


def _functions_without_positions(functions: ModuleType) -> dict:
    state = functions.get_state()
    return {**state, "dynamodb_stream_positions": type(functions._dynamodb_stream_positions)()}
