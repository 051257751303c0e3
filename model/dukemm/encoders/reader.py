"""Optical character recognition: pages → text.

The networks are PaddleOCR's PP-OCR (Apache-2.0), which the package rapidocr carries and runs by OpenVINO: one finds lines,
one turns them upright, one reads them. Chinese, English and other Latin scripts.
"""

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino  # noqa: F401  rapidocr imports it at first use, when `serve` has become a user who may not read Python's files
import torch
from numpy.typing import NDArray
from rapidocr import EngineType, RapidOCR
from rapidocr.main import RapidOCRError

from dukemm.config import ReaderConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.weights.locate import located

Page = NDArray[np.uint8]
Box = NDArray[np.float32]

#: Files of the package, in the order in which the config's hash covers them: finds lines, turns them, reads them.
FILES = ("PP-OCRv6_det_small.onnx", "ch_ppocr_mobile_v2.0_cls_mobile.onnx", "PP-OCRv6_rec_small.onnx")
#: Longer side of a page, in pixels: 170 dots per inch of A4. Letters of 8 points have eleven pixels then.
LONGER_SIDE = 2_000
#: Lines read of one document: reading one takes about 0.15 CPU seconds.
MAX_LINES = 200
#: Least mean confidence in the letters of a line; what has less is no text.
MIN_SCORE = 0.5
#: Pieces of one row of text are apart by at most this part of their height in the vertical direction; pieces further
#: apart than MAX_GAP heights are columns.
SAME_ROW, MAX_GAP = 0.5, 2.0


class TextReader:
    """Reads pages. Not thread-safe: a micro-batching thread calls it."""

    def __init__(self, config: ReaderConfig) -> None:
        """Raises DukeMMError artifact_invalid."""
        self._engine = _engine(config)

    def encode(self, documents: Sequence[Sequence[Page]]) -> list[str]:
        """Pages (h, w, 3) RGB of each document → its text, a row of text a line; empty where nothing is written."""
        return [self._read(pages) for pages in documents]

    def _read(self, pages: Sequence[Page]) -> str:
        texts: list[str] = []
        remaining = MAX_LINES
        for page in pages:
            lines = self._lines(page, remaining)
            remaining -= len(lines)
            texts.append("\n".join(in_rows(lines)))
        return "\n".join(text for text in texts if text)

    def _lines(self, page: Page, limit: int) -> list[tuple[Box, str]]:
        if limit <= 0:
            return []
        picture = page[:, :, ::-1]
        try:
            crops, boxes = self._find(picture)
            if np.median([_height(box) / max(_width(box), 1.0) for box in boxes]) > 1:  # the page lies on its side
                picture = np.rot90(picture)
                crops, boxes = self._find(picture)
        except RapidOCRError:  # its way to say that there is no line
            return []
        upright, turned = self._engine.cls_and_rotate(crops[:limit])
        read = self._engine.recognize_txt(upright)
        if np.mean([direction == "180" for direction, _ in turned.cls_res]) > 1 / 2:  # the page is upside down
            boxes = [np.array([picture.shape[1], picture.shape[0]]) - box for box in boxes]
        lines = zip(boxes[:limit], read.txts, read.scores, strict=True)
        return [(box, text.strip()) for box, text, score in lines if score >= MIN_SCORE and text.strip()]

    def _find(self, picture: Page) -> tuple[list[Page], list[Box]]:
        crops, found = self._engine.detect_and_crop(np.ascontiguousarray(picture), {})
        return crops, list(found.boxes)


def in_rows(lines: Sequence[tuple[Box, str]]) -> list[str]:
    """Pieces of text with their corners (4, 2) → rows of text, from top to bottom; a tab between columns."""
    rows: list[list[tuple[Box, str]]] = []
    for box, text in sorted(lines, key=lambda line: float(line[0][:, 1].mean())):
        if rows and abs(_middle(rows[-1][0][0]) - _middle(box)) <= SAME_ROW * min(_height(rows[-1][0][0]), _height(box)):
            rows[-1].append((box, text))
        else:
            rows.append([(box, text)])
    return [_row(sorted(row, key=lambda line: float(line[0][:, 0].min()))) for row in rows]


def _row(pieces: Sequence[tuple[Box, str]]) -> str:
    text = pieces[0][1]
    for (left, _), (right, following) in itertools.pairwise(pieces):
        is_apart = right[:, 0].min() - left[:, 0].max() > MAX_GAP * _height(right)
        text += ("\t" if is_apart else " ") + following
    return text


def _middle(box: Box) -> float:
    return float(box[:, 1].mean())


def _width(box: Box) -> float:
    return float(np.ptp(box[:, 0]))


def _height(box: Box) -> float:
    return float(np.ptp(box[:, 1]))


def _engine(config: ReaderConfig) -> Any:
    folder = located(config)
    _check(folder, config)
    threads = torch.get_num_threads()
    cv2.setNumThreads(threads)
    parts = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    # Paths are given, since a missing file would be downloaded otherwise.
    paths = {f"{part}.model_path": str(folder / file) for part, file in zip(("Det", "Cls", "Rec"), FILES, strict=True)}
    shared = {"Global.log_level": "error", "EngineConfig.openvino.inference_num_threads": threads}
    return RapidOCR(params={**parts, **paths, **shared})


def _check(folder: Path, config: ReaderConfig) -> None:
    digest = hashlib.sha256()
    for file in FILES:
        if not (folder / file).is_file():
            raise DukeMMError("artifact_invalid", f"the package {config.name} has no {file}")
        digest.update((folder / file).read_bytes())
    if digest.hexdigest() != config.sha256:
        raise DukeMMError("artifact_invalid", f"the networks of {config.name} are not the pinned ones")
