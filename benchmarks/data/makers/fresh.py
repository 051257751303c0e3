"""A third part of the passages, «fresh», written when all was built, with topics, names and values of its own. Synthetic.

Nothing was changed after it was first answered; the figures of short answers are from here.
"""

from benchmarks.data.makers.facts import Draw
from benchmarks.data.makers.passages import Question, Topic, asked_about

GIVEN = ["Amara", "Tomas", "Yuki", "Leila", "Oskar", "Marisol", "Dinesh", "Freya", "Callum", "Zofia", "Etienne", "Nadia"]
FAMILY = ["Diallo", "van Houten", "Tanaka", "Rahimi", "Lindgren", "Ortega", "O'Brien", "Marchetti", "Sokolov", "Whitfield"]
TOWNS = ["Kirkwall", "San Telmo", "Oulu", "Port Elgin", "Szeged", "Tromso", "Ravenna", "New Plymouth", "Cadiz", "Lublin"]
ROUTES = ["the coast", "the Selva pass", "two tunnels", "the old salt road", "the Brenn valley", "the marshes"]
FUELS = ["peat", "wood pellets", "hydrogen", "diesel", "overhead wire", "batteries"]
GENRES = ["ghost story", "comedy of manners", "sea adventure", "family saga", "detective tale", "satire"]
ITEMS = ["amber combs", "porcelain dolls", "star charts", "copper kettles", "woven sails", "clay whistles", "brass locks"]
DAMAGE = ["the harbour wall", "three greenhouses", "a radio mast", "the school roof", "the ferry pier"]
CHAINS = ["Halvorsen Group", "Meridian Rail", "Aster & Vale", "Blue Anchor Press", "Pelican Trust", "Corvus Media"]

TOPICS: dict[str, Topic] = {
    "railway": Topic(
        "fresh",
        (
            (
                "Trains between {town} and {elsewhere} run through {route} and are powered by {fuel}.",
                (
                    ("What do the trains run on?", "fuel"),
                    ("Through what does the line to {elsewhere} go?", "route"),
                ),
            ),
            (
                "The first departure is at {hour}, and a ticket costs {price}.",
                (("What is the fare?", "price"), ("At what time does the first train leave?", "hour")),
            ),
            (
                "Since {year} the line has belonged to {chain}, which paid {millions} for it.",
                (
                    ("Who owns the line?", "chain"),
                    ("What was the purchase price of the line?", "millions"),
                    ("In which year did the line change hands?", "year"),
                ),
            ),
            ("Punctuality last year was {percent}.", (("What share of trains was on time?", "percent"),)),
        ),
        (
            "Bicycles travel free outside of rush hour.",
            "The waiting rooms were painted green in 1978.",
            "On Sundays a dining car is attached.",
            "Snow fences protect 14 kilometres of track.",
        ),
    ),
    "novel": Topic(
        "fresh",
        (
            (
                "{person} finished the {genre} in {town} after {count} months of work.",
                (
                    ("Who is the author?", "person"),
                    ("What kind of book is it?", "genre"),
                    ("How long did the writing take, in months?", "count"),
                ),
            ),
            (
                "It came out on {day} with {chain} and sold {big} copies in its first week.",
                (
                    ("Who published the book?", "chain"),
                    ("When was the book published?", "day"),
                    ("How many copies were sold in the first week?", "big"),
                ),
            ),
            (
                "{other} turned it into a film, shot in {elsewhere} on a budget of {millions}.",
                (
                    ("Who made the film?", "other"),
                    ("Where was the film shot?", "elsewhere"),
                    ("How expensive was the film?", "millions"),
                ),
            ),
        ),
        (
            "The cover shows a lighthouse.",
            "An earlier draft had been burnt.",
            "Readers still argue about the last chapter.",
            "A sequel of 600 pages was never printed.",
            "It has been translated into 21 languages.",
        ),
    ),
    "museum": Topic(
        "fresh",
        (
            (
                "More than {big} {items} are on show in the museum of {town}.",
                (
                    ("What does the museum exhibit?", "items"),
                    ("How many objects can be seen?", "big"),
                    ("Which town is home to the museum?", "town"),
                ),
            ),
            (
                "The collection was begun by {person}, a dentist, and moved here from {elsewhere} in {year}.",
                (
                    ("Who started the collection?", "person"),
                    ("Where was the collection kept before?", "elsewhere"),
                    ("What year did the collection move?", "year"),
                ),
            ),
            (
                "Doors open at {hour}; admission is {price}, and children pay nothing.",
                (("What does a ticket cost?", "price"), ("What are the opening hours from?", "hour")),
            ),
            ("Its director since {day} is {other}.", (("Who runs the museum?", "other"),)),
        ),
        (
            "The garden is worth a walk.",
            "Photographs are allowed without flash.",
            "A lift was added for visitors in wheelchairs.",
            "School classes came 85 times last year.",
        ),
    ),
    "storm": Topic(
        "fresh",
        (
            (
                "At {hour} on {day} the storm reached {town} with gusts of {count} kilometres an hour.",
                (
                    ("When did the storm hit, by the clock?", "hour"),
                    ("On what date did the storm strike?", "day"),
                    ("How strong were the gusts in kilometres per hour?", "count"),
                ),
            ),
            (
                "It destroyed {damage} and left {big} homes without power.",
                (("What was destroyed?", "damage"), ("How many households lost electricity?", "big")),
            ),
            (
                "Mayor {person} put the damage at {millions}, of which insurers will bear {percent}.",
                (
                    ("What is the estimated damage?", "millions"),
                    ("Who estimated the damage?", "person"),
                    ("What portion will insurance cover?", "percent"),
                ),
            ),
            ("Help came from {elsewhere}.", (("Where did help come from?", "elsewhere"),)),
        ),
        (
            "Schools stayed shut for two days.",
            "Forecasters had warned of rain only.",
            "Nobody was seriously hurt.",
            "The last storm like it was in 1953.",
            "Volunteers cleared 12 roads by noon.",
        ),
    ),
}


def question(topic: str, seed: int) -> Question:
    """As `passages.question`, of a fresh topic."""
    draw = Draw(seed)
    day = draw.day()
    town = draw.one(TOWNS)
    return asked_about(
        TOPICS[topic],
        draw,
        {
            "town": town,
            "elsewhere": draw.one([other for other in TOWNS if other != town]),
            "route": draw.one(ROUTES),
            "fuel": draw.one(FUELS),
            "genre": draw.one(GENRES),
            "items": draw.one(ITEMS),
            "damage": draw.one(DAMAGE),
            "chain": draw.one(CHAINS),
            "person": f"{draw.one(GIVEN)} {draw.one(FAMILY)}",
            "other": f"{draw.one(GIVEN)} {draw.one(FAMILY)}",
            "year": str(draw.whole(1860, 2015)),
            "day": f"{day:%B} {day.day}, {day.year}",
            "hour": f"{draw.whole(4, 12)}:{draw.whole(0, 60):02d} a.m.",
            "price": f"${draw.whole(2, 60)}.{draw.one(['00', '50', '80', '95'])}",
            "millions": f"${draw.whole(1, 90)}.{draw.whole(1, 10)} million",
            "percent": f"{draw.whole(11, 98)}%",
            "count": str(draw.whole(11, 190)),
            "big": f"{draw.whole(1100, 64000):,}",
        },
    )
