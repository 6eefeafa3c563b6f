"""Sentences with numbers, computed from a run: findings, headings and the words of every figure."""
