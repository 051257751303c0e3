"""What makes two items the same: their content, not their ids."""

import hashlib
import json

from dukemm.serve.protocol import Item


def digest_of(item: Item) -> str:
    """Hex SHA-256 of an item's fields and of the hashes of its media."""
    media = {name: medium.sha256 for name, medium in item.media.items()}
    whole = json.dumps([item.fields, media], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def fold_of(digest: str, folds: int) -> int:
    """Which fold an item belongs to, in every version: a member of the network that never sees it, never did."""
    return int(digest[:12], 16) % folds
