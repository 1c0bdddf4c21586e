"""Judging: which texts are copies of one another, and which tell the same story.

words, quotes → fingerprinting  what of a text can be compared, kept as a fingerprint
evidence → links                what ties texts to one another, and when that makes copies or one event
families, stories               which of them go together
grouping                        the whole decision, a pure function of a set of texts
kinship, deciding               which texts must be decided on together; the writing, under guards
"""

import os

# The matrices here are small: a second thread of the linear algebra only costs time. Must be said before numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
