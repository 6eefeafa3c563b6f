"""From a case to its results: draws through the model, measures with their standard errors, files and
back.
"""
