"""Bounds of what clients send, as far as the model checks them: contracts/limits.ts in Python.

`test/contract/limits.json` keeps the two equal. Texts are bounded in characters, items in bytes of their JSON.
"""

#: Largest absolute value of a number; its square is still finite.
MAX_NUMBER = 1e100
MAX_DESCRIPTION = 4000
MAX_LABELS = 200
MAX_LABEL = 80
MAX_FIELD_NAME = 200
MAX_FIELDS = 500
MAX_CELL = 1_000_000
MAX_ITEM_ID = 256
MAX_ITEM_BYTES = 2_500_000
MAX_ITEMS_OF_TASK = 2500
#: Also the most items of one invocation.
MAX_ITEMS = 250
MAX_EXAMPLES = 2000
MAX_EXAMPLES_BYTES = 64 << 20
MAX_ANSWER = 100_000
