"""Made-up business facts, and the ways in which documents write dates and amounts."""

import string
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

FIRST = [
    "Anna",
    "Bruno",
    "Clara",
    "David",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Katya",
    "Liam",
    "Mira",
    "Nils",
    "Olga",
    "Pavel",
    "Rosa",
    "Samir",
    "Tessa",
    "Viktor",
]
LAST = [
    "Abbott",
    "Berger",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Kowalski",
    "Lopez",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
]
STEMS = [
    "Alder",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Mistral",
    "Nimbus",
    "Orchid",
    "Pioneer",
]
FORMS = ["Ltd", "GmbH", "Inc.", "SARL", "AG", "& Sons", "Logistics", "Trading Co.", "Systems", "Foods"]
CITIES = [
    "Lyon",
    "Bremen",
    "Porto",
    "Gdansk",
    "Leeds",
    "Turin",
    "Malmo",
    "Ghent",
    "Bilbao",
    "Graz",
    "Cork",
    "Tartu",
    "Brno",
    "Split",
    "Bergen",
    "Aarhus",
]
STREETS = ["Mill Lane", "Station Road", "Hauptstrasse", "Rue du Port", "Harbour Street", "Via Roma", "Park Avenue"]
GOODS = [
    "Oak shelf",
    "Steel bolt M8",
    "Printer toner",
    "Copper wire",
    "Office chair",
    "LED panel",
    "Paint roller",
    "Hex key set",
    "Pallet wrap",
]


class Draw:
    """Random facts from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def one(self, choices):
        """One of the choices."""
        return choices[int(self.random.integers(len(choices)))]

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to below `high`."""
        return int(self.random.integers(low, high))

    def person(self) -> str:
        """First and last name."""
        return f"{self.one(FIRST)} {self.one(LAST)}"

    def company(self) -> str:
        """A name with its legal form."""
        return f"{self.one(STEMS)} {self.one(FORMS)}"

    def day(self) -> date:
        """A day from 2021 to 2025."""
        return date(2021, 1, 1) + timedelta(days=self.whole(0, 1700))

    def code(self, form: str) -> str:
        """`#` is a digit, `@` a capital."""
        signs = {"#": string.digits, "@": string.ascii_uppercase}
        return "".join(self.one(signs[sign]) if sign in signs else sign for sign in form)

    def cents(self) -> int:
        """An amount from 12 to 25,000, in cents."""
        return self.whole(1_200, 2_500_000)


@dataclass(frozen=True)
class Style:
    """How a document writes dates and amounts."""

    day: str
    amount: str

    def date(self, when: date) -> str:
        """The date as the document writes it."""
        return when.strftime(self.day).replace(" 0", " ").removeprefix("0" if self.day.startswith("%d %B") else "\0")

    def money(self, cents: int) -> str:
        """The amount as the document writes it."""
        plain = f"{cents / 100:,.2f}"
        if "." in self.amount and "," in self.amount and self.amount.index(".") < self.amount.index(","):
            plain = plain.replace(",", "\0").replace(".", ",").replace("\0", ".")
        return self.amount.split("1")[0] + plain + self.amount.rsplit("0", 1)[1]


STYLES = {
    "iso": Style("%Y-%m-%d", "EUR 1,000.00"),
    "british": Style("%d %B %Y", "£1,000.00"),
    "american": Style("%m/%d/%Y", "$1,000.00"),
    "american, words": Style("%B %d, %Y", "$1,000.00"),
    "german": Style("%d.%m.%Y", "1.000,00 EUR"),
    "plain": Style("%d/%m/%Y", "1,000.00"),
}
