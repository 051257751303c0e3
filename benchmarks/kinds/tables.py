"""Labelled tables in every format that uploads may have: an Excel workbook, JSON lines, and a ZIP with media."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass

import numpy as np

from benchmarks.kinds.media import digits

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
X = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class LabelledTable:
    """A table whose first rows have their label and whose last rows do not."""

    name: str
    media_type: str
    data: bytes
    target: str
    labels: list[str]
    """Of every row."""
    examples: int
    features: np.ndarray


def _rows(count: int, seed: int) -> list[dict[str, str | int]]:
    """Parcels: express where they are light and near, or fragile."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        weight, distance = int(rng.integers(1, 30)), int(rng.integers(1, 900))
        fragile = str(rng.choice(["yes", "no"]))
        express = fragile == "yes" or (weight < 8 and distance < 300)
        rows.append(
            {"weight": weight, "distance": distance, "fragile": fragile, "kind": "express" if express else "normal"}
        )
    return rows


def _features(rows: list[dict[str, str | int]]) -> np.ndarray:
    return np.array([[row["weight"] / 30, row["distance"] / 900, row["fragile"] == "yes"] for row in rows], dtype=float)


def workbook(count: int, examples: int, seed: int) -> LabelledTable:
    """An Excel workbook with one sheet."""
    rows = _rows(count, seed)
    cells: list[list[str | int]] = [["weight", "distance", "fragile", "kind"]]
    for place, row in enumerate(rows):
        cells.append([row["weight"], row["distance"], row["fragile"], row["kind"] if place < examples else ""])
    return LabelledTable(
        "parcels.xlsx", XLSX, _xlsx(cells), "kind", [str(row["kind"]) for row in rows], examples, _features(rows)
    )


def json_lines(count: int, examples: int, seed: int) -> LabelledTable:
    """One JSON object a line; those without a label have null."""
    rows = _rows(count, seed)
    lines = [json.dumps(row if place < examples else {**row, "kind": None}) for place, row in enumerate(rows)]
    data = "\n".join([*lines, ""]).encode()
    labels = [str(row["kind"]) for row in rows]
    return LabelledTable("parcels.jsonl", "application/jsonl", data, "kind", labels, examples, _features(rows))


def archive(count: int, examples: int, seed: int) -> LabelledTable:
    """Pictures of digits, and a CSV that names each with its digit."""
    pictures = digits("png", count, seed)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["picture", "digit"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for place, picture in enumerate(pictures):
            packed.writestr(picture.name, picture.data)
            writer.writerow([picture.name, picture.label if place < examples else ""])
        packed.writestr("labels.csv", table.getvalue())
    labels = [picture.label for picture in pictures]
    features = np.array([picture.features for picture in pictures])
    return LabelledTable("digits.zip", "application/zip", out.getvalue(), "digit", labels, examples, features)


def _xlsx(rows: list[list[str | int]]) -> bytes:
    """The smallest workbook that Excel opens."""
    parts = {
        "[Content_Types].xml": f'{X}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": _relationship("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'{X}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Parcels" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationship("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'{X}<worksheet xmlns="{MAIN}"><sheetData>{_sheet(rows)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _relationship(kind: str, target: str) -> str:
    return (
        f'{X}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _sheet(rows: list[list[str | int]]) -> str:
    return "".join(
        f'<row r="{number}">'
        + "".join(_cell(f"{'ABCD'[column]}{number}", value) for column, value in enumerate(row) if value != "")
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )


def _cell(reference: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
