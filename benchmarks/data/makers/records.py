"""Orders as nested JSON: each schema has its own nesting and keys; the half «unseen» was not looked at while building."""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.data.makers.facts import CITIES, GOODS, STREETS, Draw

ASKED = {
    "order_id": "Extract the id of the order.",
    "customer_name": "Extract the name of the customer who placed the order.",
    "total": "Extract the total amount of the order, tax included.",
    "shipping_city": "Extract the city to which the order is shipped.",
    "email": "Extract the e-mail address of the customer.",
}

Facts = dict[str, str]


def _facts(draw: Draw) -> Facts:
    net = draw.cents()
    buyer, seller = draw.person(), draw.company()
    first = buyer.lower().replace(" ", ".")
    return {
        "id": draw.code("#######"),
        "buyer": buyer,
        "seller": seller,
        "mail": f"{first}@example.{draw.one(['com', 'org', 'net'])}",
        "shop": f"sales@{seller.split()[0].lower()}.example",
        "net": f"{net / 100:.2f}",
        "gross": f"{net * 120 // 100 / 100:.2f}",
        "city": draw.one(CITIES),
        "other": draw.one(CITIES),
        "street": f"{draw.whole(1, 99)} {draw.one(STREETS)}",
        "product": draw.one(GOODS),
        "sku": draw.code("@@-####"),
        "day": draw.day().isoformat(),
        "parcel": draw.code("#######"),
    }


def _tried_1(f: Facts) -> Any:
    return {
        "order": {"id": f["id"], "date": f["day"], "customer": {"name": f["buyer"], "email": f["mail"]}},
        "shipping": {"address": {"street": f["street"], "city": f["city"]}, "tracking": f["parcel"]},
        "billing": {"address": {"street": f["street"], "city": f["other"]}},
        "items": [{"name": f["product"], "sku": f["sku"]}],
        "totals": {"net": f["net"], "gross": f["gross"]},
        "shop": {"name": f["seller"], "email": f["shop"]},
    }


def _tried_2(f: Facts) -> Any:
    return {
        "seller": {"company": f["seller"], "contact": f["shop"]},
        "orderNumber": f["id"],
        "placedBy": {"fullName": f["buyer"], "mail": f["mail"]},
        "deliverTo": {"town": f["city"]},
        "invoiceTo": {"town": f["other"]},
        "lines": [{"title": f["product"], "code": f["sku"], "parcelNumber": f["parcel"]}],
        "amountBeforeTax": f["net"],
        "amountTotal": f["gross"],
    }


def _unseen_1(f: Facts) -> Any:
    return {
        "data": {
            "purchase": {"reference": f["id"], "created": f["day"], "sum": {"excl_vat": f["net"], "incl_vat": f["gross"]}},
            "parties": [
                {"role": "vendor", "name": f["seller"], "mailbox": f["shop"]},
                {"role": "buyer", "name": f["buyer"], "mailbox": f["mail"]},
            ],
            "destination": {"line1": f["street"], "locality": f["city"]},
            "payer_address": {"line1": f["street"], "locality": f["other"]},
        },
        "shipments": [{"id": f["parcel"], "sku": f["sku"]}],
    }


def _unseen_2(f: Facts) -> Any:
    return {
        "Shipment": {"ParcelId": f["parcel"], "Recipient": {"City": f["city"], "Street": f["street"]}},
        "Payment": {"Subtotal": f["net"], "GrandTotal": f["gross"], "InvoiceAddress": {"City": f["other"]}},
        "Merchant": {"Name": f["seller"], "EMail": f["shop"]},
        "Client": {"Name": f["buyer"], "EMail": f["mail"]},
        "OrderId": f["id"],
        "Positions": [{"Article": f["product"], "Sku": f["sku"]}],
    }


def _unseen_3(f: Facts) -> Any:
    return [
        {"type": "header", "doc_no": f["id"], "doc_date": f["day"], "from_party": f["seller"], "for_party": f["buyer"]},
        {"type": "contact", "from_address": f["shop"], "for_address": f["mail"]},
        {"type": "address", "use": "invoice", "place": f["other"]},
        {"type": "address", "use": "delivery", "place": f["city"]},
        {"type": "footer", "value_net": f["net"], "value_with_tax": f["gross"], "package": f["parcel"]},
    ]


SCHEMAS: dict[str, tuple[str, Callable[[Facts], Any]]] = {
    "tried 1": ("tried", _tried_1),
    "tried 2": ("tried", _tried_2),
    "unseen 1": ("unseen", _unseen_1),
    "unseen 2": ("unseen", _unseen_2),
    "unseen 3": ("unseen", _unseen_3),
}


def record(schema: str, seed: int) -> tuple[str, dict[str, str]]:
    """A JSON text and what is to be extracted from it."""
    facts = _facts(Draw(seed))
    answers = ("id", "buyer", "gross", "city", "mail")
    return json.dumps(SCHEMAS[schema][1](facts), indent=1), dict(zip(ASKED, (facts[a] for a in answers), strict=True))
