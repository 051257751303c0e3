"""`python -m benchmarks encode`: encode the items of each domain with Duke MM's encoders, once."""

import argparse
import time
from collections.abc import Sequence

from benchmarks import CACHE
from benchmarks.data.domains import SOURCES, Domains
from benchmarks.data.rows import Domain
from benchmarks.studies.cells import Record


def encode(domain: Domain) -> Record:
    """Let Duke MM's encoders see all rows of a domain; what they said before is on disk."""
    from benchmarks.contenders.duke_items import DukeItems

    items, started = DukeItems(CACHE), time.monotonic()
    for done in items.warm(domain):
        print(f"{domain.name}: {done} of {len(domain.rows)} encoded, {time.monotonic() - started:.0f} s", flush=True)
    items.encoders.close()
    return {}


def main(arguments: Sequence[str]) -> int:
    """Fill the cache of encoded items."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domains", nargs="+", default=[])
    options = parser.parse_args(arguments)
    domains = Domains(CACHE)
    for name in options.domains or SOURCES:
        encode(domains[name])
    return 0
