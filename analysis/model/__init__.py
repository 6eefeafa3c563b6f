"""The model: arrays in, arrays out. No files, no drawing. Equations and names: README.md beside this file.

Draws run along the first axis and months along the second; money is in millions of US dollars. Arrays of
months lie month by month in memory (order "F"), so that a running total is a sum of whole vectors of draws.
"""

import numpy as np

# once such a block was freed, the C library keeps smaller ones at hand: new arrays at half the cost
np.empty(2**21)
