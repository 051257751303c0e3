"""Users of Cognito pools and the tokens that were revoked.

MiniStack changes a user's record in place, wherever it has found it, so every user that was looked up may have changed.
"""

from collections.abc import Iterable, Iterator
from types import ModuleType

from .frames import Record
from .part import Records
from .values import from_json, to_json

USER, REVOKED = "user", "revoked"


class LookedUp(dict):
    """The users of a pool by name, which notes who was looked up, added or removed."""

    def __init__(self, users: dict) -> None:
        super().__init__(users)
        self.noted: dict[str, None] = {}

    def __getitem__(self, name):
        self.noted[name] = None
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.noted[name] = None
        return super().get(name, default)

    def __setitem__(self, name, user):
        self.noted[name] = None
        super().__setitem__(name, user)

    def __delitem__(self, name):
        self.noted[name] = None
        super().__delitem__(name)

    def pop(self, name, *default):
        self.noted[name] = None
        return super().pop(name, *default)

    def values(self) -> Iterator:
        """Every user. Whoever stops early has found the one to look up; whoever reads all changes none."""
        for name, user in list(super().items()):
            try:
                yield user
            except GeneratorExit:
                self.noted[name] = None
                raise


class AddedTo(set):
    """A set that notes what was added."""

    def __init__(self, members: Iterable[str]) -> None:
        super().__init__(members)
        self.noted: dict[str, None] = {}

    def add(self, member):
        self.noted[member] = None
        super().add(member)

    def update(self, *others):
        for other in others:
            for member in other:
                self.add(member)


class Users:
    """One record for each user, ("user", account, region, pool, name), and for each revoked token, ("revoked", token)."""

    service = "cognito"
    kinds = frozenset({USER, REVOKED})

    def __init__(self, cognito: ModuleType) -> None:
        """Watches the stores of `ministack.services.cognito`."""
        self._cognito = cognito
        self._kept: dict[tuple[str, ...], int] = {}

    def changes(self) -> Iterable[Record]:
        pools = self._cognito._user_pools._data
        for scope, pool in list(pools.items()):
            users = pool["_users"]
            if not isinstance(users, LookedUp):
                pool["_users"] = users = LookedUp(users)
                users.noted = dict.fromkeys(users)
            noted, users.noted = users.noted, {}
            for name in noted:
                yield from self._change((USER, *scope, name), dict.get(users, name))
        for key in [key for key in self._kept if key[1:4] not in pools]:
            yield from self._change(key, None)
        revoked = self._cognito._revoked_tokens
        if not isinstance(revoked, AddedTo):
            self._cognito._revoked_tokens = revoked = AddedTo(revoked)
        noted, revoked.noted = revoked.noted, {}
        for token in noted:
            yield (REVOKED, token), True

    def _change(self, key: tuple[str, ...], user: dict | None) -> Iterable[Record]:
        if user is None:
            if self._kept.pop(key, None) is not None:
                yield key, None
            return
        text = to_json(user)
        if self._kept.get(key) != hash(text):
            self._kept[key] = hash(text)
            yield key, text

    def complete(self, state: dict, records: Records) -> None:
        pools = state["user_pools"]._data
        for (kind, *rest), value in records.items():
            if kind == REVOKED:
                state["revoked_tokens"].append(rest[0])
            elif tuple(rest[:3]) in pools:
                pools[tuple(rest[:3])]["_users"][rest[3]] = from_json(value)
        for pool in pools.values():
            _count(pool)

    def watch(self, records: Records) -> None:
        self._kept = {key: hash(text) for key, text in records.items() if key[0] == USER}
        for pool in self._cognito._user_pools.all_values():
            pool["_users"] = LookedUp(pool["_users"])
        self._cognito._revoked_tokens = AddedTo(self._cognito._revoked_tokens)


def _count(pool: dict) -> None:
    """Puts back what follows from a pool's users: their number and the members of its groups."""
    pool["EstimatedNumberOfUsers"] = len(pool["_users"])
    for name, group in pool["_groups"].items():
        group["_members"] = [
            user for user, record in pool["_users"].items() if name in record.get("_groups", [])
        ]
