"""State that is more than plain JSON as text: MiniStack's own encoding of its scoped stores and of bytes."""

import json

from ministack.core.persistence import _json_default, _json_object_hook


def to_json(value: object) -> str:
    """The text of a value, with scoped stores and bytes in it."""
    return json.dumps(value, default=_json_default, separators=(",", ":"))


def from_json(text: str):
    """The value of a text of `to_json`."""
    return json.loads(text, object_hook=_json_object_hook)
