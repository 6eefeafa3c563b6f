"""From a case to its results: draws through the model, measures with standard errors, files and back."""
