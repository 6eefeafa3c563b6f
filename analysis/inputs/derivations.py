"""Arithmetic over published figures: "E023 / 3", "low(E005) * 0.8 + E007". It computes an assumption's centre again."""

import ast
import operator
import re
from collections.abc import Mapping

from analysis.inputs.errors import InputError, shown, unknown

TOLERANCE = 0.025  # of what the arithmetic gives: room for rounding to two digits
MOST_CHARACTERS = 200
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COLUMNS = {"low": "value_low", "high": "value_high"}
ALLOWED = "evidence ids, plain numbers, + - * / ( ), low(E001) and high(E001)"


def check(derivation: str, central: float, cited: tuple[str, ...], figures: Mapping[str, object]) -> None:
    """Raise InputError unless the arithmetic gives `central` within the tolerance and uses figures that are cited.

    `figures`: evidence id -> row with value_low, value and value_high.
    """
    for name in re.findall(r"E\d+", derivation):
        if name in figures and name not in cited:
            raise InputError(
                f"{name} is not among the evidence ({' '.join(cited) or 'none'}) in {shown(derivation)}"
            )
    found = evaluate(derivation, figures)
    if abs(central - found) > TOLERANCE * abs(found) * (1 + 1e-9):
        raise InputError(
            f"{derivation} gives {found:.6g}; central is {central:g}, more than {TOLERANCE:.1%} off"
        )


def evaluate(derivation: str, figures: Mapping[str, object]) -> float:
    """Return what the arithmetic gives; raises InputError for anything else than what is allowed."""
    try:
        if len(derivation) > MOST_CHARACTERS:
            raise SyntaxError
        tree = ast.parse(derivation.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise InputError(f"allowed are {ALLOWED}; given {shown(derivation)}") from None
    try:
        return _value(tree, derivation.strip(), figures)
    except ZeroDivisionError:
        raise InputError(f"division by zero in {shown(derivation)}") from None


def _value(node: ast.expr, text: str, figures: Mapping[str, object]) -> float:
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
    raise InputError(f"allowed are {ALLOWED}; given {shown(text)}")


def _figure(name: str, column: str, figures: Mapping[str, object]) -> float:
    if name not in figures:
        raise unknown("evidence", name, sorted(figures))
    value = getattr(figures[name], column)
    if value != value:  # blank
        others = " or ".join(f"{end}({name})" for end in _COLUMNS)
        raise InputError(f"{name} has no {column}; {name}, {others} take the cells that are filled")
    return float(value)
