"""Combines experts into one calibrated answer: mixture, confidence, conformal sets and intervals, label noise."""
