"""The model: arrays in, arrays out. Draws run along the first axis, months along the second; money in millions of dollars.

Equations and names are those of README.md beside this file. No files, no plotting.
"""
