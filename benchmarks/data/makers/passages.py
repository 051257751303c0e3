"""Short passages about made-up places and people, with questions whose answers are spans of them. Synthetic.

The halves «tried» and «unseen» share neither sentences, questions nor topics. «Unseen» was looked at once while building:
figures are from fresh.py.
"""

from dataclasses import dataclass

from benchmarks.data.makers.facts import CITIES, Draw

RIVERS = ["Orla", "Venn", "Taska", "Mirel", "Dovra", "Salk", "Ister", "Quill"]
TRADES = ["cartographer", "botanist", "glassblower", "surveyor", "violinist", "chemist", "architect", "weaver"]
MATERIALS = ["basalt", "oak", "red brick", "sandstone", "limestone", "steel", "granite", "marble"]
ANIMALS = ["herons", "otters", "lynxes", "puffins", "beavers", "bats", "eagles", "seals"]
SUBJECTS = ["tidal energy", "fungal genetics", "bridge dynamics", "ancient scripts", "cloud physics", "soil chemistry"]
PRIZES = ["Halden Prize", "Lindqvist Medal", "Golden Compass", "Arden Award", "Corvin Chair", "Northern Laurel"]


@dataclass(frozen=True)
class Topic:
    """Sentences with facts, each with questions that it answers; sentences without."""

    half: str
    facts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    others: tuple[str, ...]


TOPICS: dict[str, Topic] = {
    "bridge": Topic(
        "tried",
        (
            (
                "The {name} bridge was opened in {year} and spans the river {river}.",
                (
                    ("In what year did the {name} bridge open?", "year"),
                    ("Which river does the {name} bridge cross?", "river"),
                ),
            ),
            (
                "It is {count} metres long and made of {material}.",
                (("How long is the bridge in metres?", "count"), ("What is the bridge built from?", "material")),
            ),
            (
                "{person} designed it after a flood had destroyed its predecessor.",
                (("Who was the designer of the bridge?", "person"),),
            ),
            ("About {big} people use it on a working day.", (("How many people cross the bridge daily?", "big"),)),
        ),
        (
            "Local children call it the giraffe.",
            "Repairs are planned every ten years.",
            "A ferry ran here until 1890.",
            "The town council meets on Tuesdays.",
            "In winter the road over it is often closed for some hours.",
        ),
    ),
    "painter": Topic(
        "tried",
        (
            (
                "{person} was born in {city} in {year} and trained as a {trade}.",
                (
                    ("Where was {person} born?", "city"),
                    ("When was {person} born?", "year"),
                    ("What trade did {person} learn?", "trade"),
                ),
            ),
            (
                "The first exhibition took place on {day} and showed {count} canvases.",
                (
                    ("On which date was the first exhibition held?", "day"),
                    ("How many paintings were shown at first?", "count"),
                ),
            ),
            ("Critics compared the style to that of {other}.", (("Whose style was the work likened to?", "other"),)),
        ),
        (
            "Little is known about these early years.",
            "The family moved often.",
            "Blue was the favourite colour.",
            "Several sketches were lost in a fire in 1911.",
            "Letters to friends mention 3 cats and a garden.",
        ),
    ),
    "reserve": Topic(
        "tried",
        (
            (
                "The {name} reserve covers {big} hectares along the {river}.",
                (("What area does the {name} reserve have?", "big"), ("Beside which river does the reserve lie?", "river")),
            ),
            (
                "It was founded by {person} in {year} to protect {animal}.",
                (
                    ("Who established the reserve?", "person"),
                    ("Which animals is the reserve meant to protect?", "animal"),
                    ("What year was the reserve established?", "year"),
                ),
            ),
            ("Visitors are counted since {day}.", (("Since when have visitors been counted?", "day"),)),
        ),
        (
            "Dogs must be kept on a lead.",
            "Two wooden towers offer a wide view.",
            "The car park has room for 40 buses.",
            "Spring is the best season for a visit.",
        ),
    ),
    "institute": Topic(
        "unseen",
        (
            (
                "Research at the {name} Institute, located in {city}, concentrates on {subject}.",
                (("In which city is the {name} Institute?", "city"), ("What field does the institute study?", "subject")),
            ),
            (
                "Its current head, {person}, took office on {day}.",
                (("Who leads the institute?", "person"), ("When did the head start?", "day")),
            ),
            (
                "The staff numbers {count}, and the yearly budget reached {big} dollars.",
                (
                    ("How many employees does the institute have?", "count"),
                    ("How large is its annual budget in dollars?", "big"),
                ),
            ),
            (
                "Funding has come from {other} ever since {year}.",
                (("Who finances the institute?", "other"), ("Since what year has the institute been funded?", "year")),
            ),
        ),
        (
            "The canteen is known for its soups.",
            "Guests stay in a villa nearby.",
            "A library of 9,000 maps is open to all.",
            "Its roof was renewed twice.",
            "Lectures are held in three languages.",
        ),
    ),
    "expedition": Topic(
        "unseen",
        (
            (
                "On {day} the explorers under {person} set out from {city}.",
                (
                    ("From where did the expedition depart?", "city"),
                    ("Who commanded the expedition?", "person"),
                    ("What day did the journey begin?", "day"),
                ),
            ),
            (
                "After {count} weeks they sighted {animal} near the mouth of the {river}.",
                (
                    ("How many weeks passed before animals were sighted?", "count"),
                    ("Which animals did they see near the river mouth?", "animal"),
                    ("Near which river were animals seen?", "river"),
                ),
            ),
            (
                "For this {other} received the {prize} in {year}.",
                (("Which award did {other} get?", "prize"), ("In which year was the award given?", "year")),
            ),
        ),
        (
            "Their ship leaked badly.",
            "Provisions were short after a storm in March.",
            "Maps of the coast were wrong by 30 miles.",
            "A diary survives in a private collection.",
            "The crew sang to keep up their spirits.",
        ),
    ),
    "tower": Topic(
        "unseen",
        (
            (
                "Built of {material}, the {name} Tower rises {count} metres above {city}.",
                (
                    ("What material is the tower made of?", "material"),
                    ("What height does the tower have?", "count"),
                    ("Over which city does the tower rise?", "city"),
                ),
            ),
            (
                "Its clock, a gift of {person}, has struck the hours since {day}.",
                (("Who donated the clock?", "person"), ("Since what date has the clock been striking?", "day")),
            ),
            (
                "Some {big} tickets were sold during {year}.",
                (("How many tickets were bought?", "big"), ("During which year were the tickets sold?", "year")),
            ),
        ),
        (
            "The stairs are narrow.",
            "Pigeons nest under the eaves.",
            "A cafe closed in 2003.",
            "At night 24 lamps light it up.",
            "Couples like to meet at its foot.",
        ),
    ),
}


@dataclass(frozen=True)
class Question:
    """A passage, a question on it, and the answer."""

    passage: str
    question: str
    answer: str


def question(topic: str, seed: int) -> Question:
    """A passage of a topic of this file; the same seed gives the same."""
    draw, what = Draw(seed), TOPICS[topic]
    day = draw.day()
    values = {
        "name": draw.one(CITIES),
        "city": draw.one(CITIES),
        "year": str(draw.whole(1780, 2010)),
        "day": f"{day.day} {day:%B %Y}",
        "river": draw.one(RIVERS),
        "count": str(draw.whole(12, 990)),
        "big": f"{draw.whole(1100, 98000):,}",
        "material": draw.one(MATERIALS),
        "animal": draw.one(ANIMALS),
        "subject": draw.one(SUBJECTS),
        "prize": draw.one(PRIZES),
        "trade": draw.one(TRADES),
        "person": draw.person(),
        "other": draw.person(),
    }
    return asked_about(what, draw, values)


def asked_about(topic: Topic, draw: Draw, values: dict[str, str]) -> Question:
    """Facts in their order, after two of three one of the other sentences; a question on one of the facts."""
    sentences: list[str] = []
    for text, _ in topic.facts:
        sentences.append(text.format(**values))
        if draw.whole(0, 3):
            sentences.append(draw.one([other for other in topic.others if other not in sentences]))
    asked, key = draw.one([pair for _, pairs in topic.facts for pair in pairs])
    return Question(" ".join(sentences), asked.format(**values), values[key])
