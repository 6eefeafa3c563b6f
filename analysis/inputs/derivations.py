"""Arithmetic over published figures ("E023 / 3", "low(E005) * 0.8") that gives an assumption's centre."""

import ast
import operator
import re
from collections.abc import Sequence

import pandas as pd

from analysis.inputs.errors import InputError, shown, unknown

TOLERANCE = 0.025  # of what the arithmetic gives: room for rounding to two digits
MOST_CHARACTERS = 200  # deeper nesting than these allow could exhaust the parser
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COLUMNS = {"low": "value_low", "high": "value_high"}


def check(derivation: str, central: float, cited: Sequence[str], figures: pd.DataFrame) -> None:
    """Raise InputError unless the arithmetic, if any, uses cited figures and gives about `central`."""
    if not derivation:
        return
    found = evaluate(derivation, figures)
    uncited = [name for name in re.findall(r"E\d+", derivation) if name not in cited]
    if uncited:
        raise InputError(f"{uncited[0]} is not among the evidence of the row; given {shown(derivation)}")
    if abs(central - found) > TOLERANCE * abs(found) * (1 + 1e-9):
        off = f"more than {TOLERANCE:.1%} off"
        raise InputError(f"{derivation} gives {found:.6g}; central is {central:g}, {off}")


def evaluate(derivation: str, figures: pd.DataFrame) -> float:
    """Return what the arithmetic gives; raises InputError for anything else than what is allowed."""
    text = derivation.strip()
    try:
        if len(text) > MOST_CHARACTERS:
            raise SyntaxError
        return _value(ast.parse(text, mode="eval").body, text, figures)
    except ZeroDivisionError:
        raise InputError(f"division by zero in {shown(text)}") from None
    except SyntaxError:
        allowed = "evidence ids, plain numbers, + - * / ( ), low(E001) and high(E001)"
        raise InputError(f"allowed are {allowed}; given {shown(text)}") from None


def _value(node: ast.expr, text: str, figures: pd.DataFrame) -> float:
    match node:
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, text, figures), _value(right, text, figures))
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, text, figures)
        case ast.Constant() if re.fullmatch(r"[0-9]+(\.[0-9]+)?", ast.get_source_segment(text, node) or ""):
            return float(node.value)
        case ast.Name(name):
            return _figure(name, "value", figures)
        case ast.Call(ast.Name(end), [ast.Name(name)], []) if end in _COLUMNS:
            return _figure(name, _COLUMNS[end], figures)
    raise SyntaxError


def _figure(name: str, column: str, figures: pd.DataFrame) -> float:
    if name not in figures.index:
        raise unknown("evidence", name, figures.index)
    value = figures.at[name, column]
    if pd.isna(value):
        raise InputError(f"{name} has no {column}; {name}, low({name}) or high({name}) take what is filled")
    return float(value)
