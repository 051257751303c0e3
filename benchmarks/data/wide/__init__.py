"""Public data sets that no setting of Duke MM was chosen on, in two halves.

The development half may be looked at while the model is worked on. The test half is run once for a release, and nothing is
chosen by it: it says how the model does on data that nobody tuned it for.
"""
