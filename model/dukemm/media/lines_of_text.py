"""Whether a picture shows lines of text, from its pixels alone: reading it costs a second or more."""

import numpy as np
from PIL import Image, ImageFilter

from dukemm.media.images import Pixels

#: Smallest picture, in pixels, whose text can be read.
MIN_WIDTH, MIN_HEIGHT = 100, 16
#: Levels by which ink is darker, or lighter, than the paper around it.
CONTRAST = 48
#: Window, in pixels, within which the paper is looked for. Wider than a stroke of a heading.
WINDOW = 15
#: Levels within which paper is even, the noise of a camera included, and its least share of the picture: of a page three
#: quarters and more, of a photograph two thirds and less.
EVENNESS, MIN_PAPER = 16, 0.75
#: Changes between paper and ink along a row of text. A word of four letters has at least eight, the outline of a shape six.
MIN_CHANGES = 8
#: Share of the rows that are text, and of those that are none: lines of text are apart.
MIN_TEXT_ROWS, MIN_BLANK_ROWS = 0.03, 0.08


def shows_text(pixels: Pixels) -> bool:
    """Whether (h, w, 3) pixels look like lines of text, dark on light or light on dark."""
    height, width = pixels.shape[:2]
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return False
    gray = Image.fromarray(pixels).convert("L").filter(ImageFilter.GaussianBlur(0.7))
    levels = np.asarray(gray, np.int16)
    typical = np.median(levels)
    # The paper under a stroke is the lightest level near it, or the darkest where the text is light: photographed paper
    # has shadows, so one threshold for the whole picture would not do.
    for paper, lighter in ((ImageFilter.MaxFilter(WINDOW), -1), (ImageFilter.MinFilter(WINDOW), 1)):
        difference = np.abs(np.asarray(gray.filter(paper), np.int16) - levels)
        is_paper, ink = np.mean(difference <= EVENNESS), difference > CONTRAST
        if not ink.any() or lighter * (levels[ink].mean() - typical) < CONTRAST / 2:
            continue  # what surrounds a shape, and not ink
        changes = np.count_nonzero(ink[:, 1:] != ink[:, :-1], axis=1)
        is_text, is_blank = np.mean(changes >= MIN_CHANGES), np.mean(changes <= 2)
        if is_paper >= MIN_PAPER and is_text >= MIN_TEXT_ROWS and is_blank >= MIN_BLANK_ROWS:
            return True
    return False
