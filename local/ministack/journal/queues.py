"""Messages of SQS queues: waiting, in flight and delayed alike.

Messages are changed by requests on the event loop and by the threads that feed functions and deliver events. MiniStack
1.5.33 replaces the list of messages without a lock that all of them take, so a message that is sent meanwhile can vanish
although it was acknowledged. Here all of them take one lock.
"""

import threading
import time
from collections.abc import Callable, Iterable
from types import ModuleType

from .frames import Record
from .part import Records

MESSAGE = "message"
# In a message: the receipt under which a function got it.
FUNCTION_RECEIPT = "dukenet_function_receipt"
# The functions of `ministack.services.sqs` that add, remove or change messages.
CHANGING = (
    "_act_send_message",
    "_act_delete_message",
    "_act_change_visibility",
    "_act_change_visibility_batch",
    "_act_delete_message_batch",
    "_act_purge_queue",
    "_collect_msgs",
    "_dlq_sweep",
    "_expire_retained",
    "_receive_messages_for_esm",
    "_delete_messages_for_esm",
)
# Those of them that may leave every list as it is.
CHANGING_IN_PLACE = frozenset({"_act_change_visibility", "_act_change_visibility_batch", "_collect_msgs"})


class Messages:
    """One record for each message: ("message", account, region, queue, message id).

    The queue is named without its URL, which has MiniStack's port in it: the next start may be on another one.
    """

    service = "sqs"
    kinds = frozenset({MESSAGE})

    def __init__(self, sqs: ModuleType, deliveries: Iterable[tuple[ModuleType, str]]) -> None:
        """Wraps what changes messages; `deliveries` are functions of other services that add some."""
        self._sqs = sqs
        self._lock = threading.RLock()
        sqs._queues_lock = self._lock
        # Of each queue, what is in the journal of each of its messages.
        self._kept: dict[tuple[str, str, str], dict[str, tuple]] = {}
        # Of each queue, its list as it was looked at last, how long it was, and the message at its end.
        self._seen: dict[tuple[str, str, str], tuple[list, int, dict | None]] = {}
        # A message changed in place, which the lists do not show.
        self._touched = True
        for name in CHANGING:
            self._wrap(sqs, name)
        for module, name in deliveries:
            self._wrap(module, name)
        receive = sqs._receive_messages_for_esm
        sqs._receive_messages_for_esm = lambda url, most: _given_to_function(receive(url, most))
        for action, handler in list(sqs._HANDLERS.items()):
            sqs._HANDLERS[action] = getattr(sqs, handler.__name__, handler)

    def _wrap(self, module: ModuleType, name: str) -> None:
        original: Callable = getattr(module, name)

        def locked(*args, **kwargs):
            with self._lock:
                result = original(*args, **kwargs)
                # Who looks for messages and finds none has changed none.
                self._touched = self._touched or (name in CHANGING_IN_PLACE and result != [])
                return result

        locked.__name__ = name
        setattr(module, name, locked)

    def changes(self) -> Iterable[Record]:
        with self._lock:
            touched, self._touched = self._touched, False
            queues = {
                (account, region, queue["name"]): queue
                for (account, region, _url), queue in list(self._sqs._queues._data.items())
            }
            for scope, queue in queues.items():
                messages = queue["messages"]
                seen, length, last = self._seen.get(scope, (None, 0, None))
                if (
                    touched
                    or seen is not messages
                    or (length and (len(messages) < length or messages[length - 1] is not last))
                ):
                    yield from self._changes_of(scope, messages)
                elif len(messages) > length:
                    yield from self._added(scope, messages[length:])
                else:
                    continue
                self._seen[scope] = (messages, len(messages), messages[-1] if messages else None)
            for scope in self._kept.keys() - queues.keys():
                self._seen.pop(scope, None)
                for message in self._kept.pop(scope):
                    yield (MESSAGE, *scope, message), None

    def _added(self, scope: tuple[str, str, str], messages: list[dict]) -> Iterable[Record]:
        kept = self._kept.setdefault(scope, {})
        for message in messages:
            kept[message["id"]] = _version(message)
            yield (MESSAGE, *scope, message["id"]), message

    def _changes_of(self, scope: tuple[str, str, str], messages: list[dict]) -> Iterable[Record]:
        kept = self._kept.setdefault(scope, {})
        now = {message["id"]: _version(message) for message in messages}
        if now == kept:
            return
        for message in messages:
            if kept.get(message["id"]) != now[message["id"]]:
                yield (MESSAGE, *scope, message["id"]), message
        for gone in kept.keys() - now.keys():
            yield (MESSAGE, *scope, gone), None
        self._kept[scope] = now

    def complete(self, state: dict, records: Records) -> None:
        found = state["queues"]._data
        queues = {(account, region, queue["name"]): queue for (account, region, _url), queue in found.items()}
        found.clear()
        for (account, region, name), queue in queues.items():
            queue["url"] = self._sqs._queue_url_for_account(account, name)
            found[(account, region, queue["url"])] = queue
        for (_, *scope, _id), message in records.items():
            queue = queues.get(tuple(scope))
            if queue is not None:
                _take_back(message)
                queue["messages"].append(message)
        for queue in queues.values():
            queue["messages"].sort(key=lambda message: message.get("sent_at", 0))

    def watch(self, records: Records) -> None:
        for (_, *scope, identity), message in records.items():
            self._kept.setdefault(tuple(scope), {})[identity] = _version(message)


def _given_to_function(batch: list[dict]) -> list[dict]:
    for message in batch:
        message[FUNCTION_RECEIPT] = message["receipt_handle"]
    return batch


def _take_back(message: dict) -> None:
    """A function that had a message when the process ended is gone: the next one gets it at once, as if it had not been tried.

    What a client of its own has received stays in flight until its time is up.
    """
    if message.get(FUNCTION_RECEIPT) and message[FUNCTION_RECEIPT] == message["receipt_handle"]:
        now = time.time()
        if message["visible_at"] > now:
            message.update(
                visible_at=now, receive_count=max(0, message["receive_count"] - 1), receipt_handle=None
            )


def _version(message: dict) -> tuple:
    """What a message's record changes with; its content never does."""
    return message.get("visible_at"), message.get("receive_count"), message.get("receipt_handle")
