"""What the page of the benchmark says between its tables."""

INTRODUCTION = """# What Duke MM learns, beside what a good engineer builds in a day

Written by `python -m benchmarks report` from [`learning.json`](learning.json); no figure is typed by hand.

Every learner gets the same rows and is asked the same test items. No content is in training and in a test: rows are told
apart by the hash of their content, and of duplicates one is kept. Accuracy in %, R² × 100 for {regressions}; mean ±
standard deviation over seeds. *Best contender* is the one with the highest mean at that place, chosen after the fact.
Differences are paired by seed, with 95 % intervals by Student's t over {seeds} seeds; where an interval contains 0, nothing
is claimed. Training rows of different seeds overlap where a domain has few, so intervals are of this data, not of the
world.

```
.venv/bin/python -m benchmarks all       # hours; goes on where it was
.venv/bin/python -m benchmarks --help    # or cells, stream and report, each with what can be chosen
```

Data (never committed; what is GPL or CC-BY-SA is used for benches only):
"""
FEW = """## Ten examples of each label, a family never seen

Duke MM answers from the examples that come with the task; nothing was trained.
"""
STREAM = """## The mixed stream

Single tasks in random order over the domains, each content once. Feedback follows each task; 10 % of it is 50 to 500
tasks late, 5 % is sent twice. Every learner is retrained at the same moments: at each 100 new outcomes up to 1,000, then
whenever there are a quarter more (on two cores the product's literal hundred would take days for all contenders and
seeds). Before the first retraining a contender answers with the first label.

Contenders learn from every outcome. Versions of Duke MM go the product's way: a tenth of each domain is the frozen
reservoir and a fifth of the rest validation, neither is learned from, and a new version serves only when the gate lets it.
*duke* is Duke MM as it runs: the newest 300 items that were confirmed of a domain go along with its tasks
([why](../adr/0014-what-was-confirmed-goes-along.md)), renewed when all domains have ten more, or a seventh more; the
product renews each question by itself, more often. *duke_versions* answers by versions alone. *duke_given* is asked by
buyers who give up to 1,000 confirmed items as examples themselves. A contender would have to be retrained each time for
either, which *…_at_once* is. After a comma, by versions alone: *newest* is what the newest candidate would have answered,
*no_fusion* and *no_specialists* what the version that served would have without.

*frozen* knows what the first 100 outcomes taught; *seed_loop* is the seed's text to the letter: it trains on successes
with a confidence above 0.7 and promotes where accuracy on a kept fifth of those is higher.
"""
SURE = """## How sure, and how right about it

Calibration error over 15 bins; below 2,000 test items its bootstrap interval counts. How sure to be is learned from the
same labels: the share of n left-out answers that is right has a standard error of √(p(1 − p)/n), five points at 100 labels
and half right, one and a half at 1,000, and no confidence can be nearer to the truth than that. Sets are 95 %
split-conformal sets of labels (for numbers: intervals, their width in standard deviations of the target).
"""
VERSIONS = """## v1, v2, v3

v1 learns from 100 outcomes. It serves until it has failed 100 times; v2 learns from all outcomes so far; so does v3.
Where a domain ends before there are 100 failures, the next version learns from all of it. Figures on the fixed test set;
*negative flips* are items that the version before had right.
"""
FLIPS = """## Wrong labels

20 % of the labels to learn from are replaced by another at random; the test set is as it is.
"""
COST = """## Time and memory

At the largest number of labels of each domain. What is computed once per item (pixels, gradients, spectra, embeddings) is
computed beforehand for every learner and not counted. Memory beyond what the data take; Duke MM's holds PyTorch and the
text encoder too.
"""
PARTS = """## A text, numbers and a picture in one item

The composed task at 1,000 labels, Duke MM shown some parts only; *at most* is the best that who knows what those parts
truly are can do.
"""
