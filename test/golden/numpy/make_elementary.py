"""Writes elementary.json: log, exp, sin, cos and atan at sweeps of doubles, to about 45 digits (mpmath).

An entry [x, nearest, error] says that the exact value is nearest + error * ulp(nearest).
Run with /usr/bin/python3 (needs mpmath).
"""
import json
import math
import pathlib
import random

import mpmath

mpmath.mp.prec = 200
rng = random.Random(2024)


def sweep(low, high, count):
    """One random double in each of `count` equal parts of [low, high]."""
    width = (high - low) / count
    return [low + (i + rng.random()) * width for i in range(count)]


def near(center, count):
    """Doubles next to `center`, and at growing distances from it."""
    steps = [center * (1 + sign * 2.0**-k) for k in range(53, 3, -100 // count) for sign in (1, -1)]
    return [center, *steps]


def entries(function, points):
    result = []
    for x in points:
        exact = function(mpmath.mpf(x))
        nearest = float(exact)
        result.append([x, nearest, round(float((exact - nearest) / math.ulp(nearest)), 4)])
    return result


half_pi = math.pi / 2
powers = [2.0**k for k in range(-1074, 1024, 37)]
angles = [0.0, 1e-300, 1e-9, *(k * half_pi for k in range(-5, 6) if k), *(k * half_pi / 2 for k in (-9, -3, -1, 1, 3, 5, 9))]
tables = {
    "log": entries(mpmath.log, [*sweep(0, 1, 500), *sweep(0.7, 1.45, 500), *sweep(1, 1e6, 60), *powers, *near(1.0, 30)[1:], 5e-324, 1.7976931348623157e308]),
    "exp": entries(mpmath.exp, [*sweep(-1, 1, 400), *sweep(-40, 40, 500), *sweep(-708, 709.7, 200), 709.782712893384, -708.3964185322641, 1e-300]),
    "expSubnormal": entries(mpmath.exp, [*sweep(-745.1, -708.4, 60)]),
    "sin": entries(mpmath.sin, [*sweep(-8, 8, 700), *sweep(-0.8, 0.8, 300), *angles[1:]]),
    "atan": entries(mpmath.atan, [*sweep(-1.2, 1.2, 500), *sweep(-30, 30, 300), *near(1.0, 20), *near(-0.4142135623730951, 20), 1e-300, 1e-9, 1e16]),
    "cos": entries(mpmath.cos, [*sweep(-8, 8, 700), *sweep(-0.8, 0.8, 300), *angles]),
}
text = ",\n".join(f'"{name}": {json.dumps(rows, separators=(",", ":"))}' for name, rows in tables.items())
pathlib.Path(__file__).with_name("elementary.json").write_text("{" + text + "}\n")
