"""Writes random-state.json: values of numpy.random.RandomState (NumPy 1.24).

A case holds the first values, their sum over the whole draw, and the uniform number drawn next, which shows how much
of the stream was used. Run with /usr/bin/python3.
"""
import json
import pathlib

import numpy as np

SHOWN = 16
seeds = [0, 1, 42, 2**31, 2**32 - 1, 123456789, [0], [1, 2], [2**32 - 1, 0, 7], list(range(1000))]
calls = {
    "randomSample": [[n] for n in (1, 2, 3, 16, 311, 312, 313, 624, 625, 5000)],
    "randn": [[n] for n in (1, 2, 3, 16, 17, 100, 311, 625, 1000, 5000)],
    "normal": [[0, 1, 5], [5, 2, 16], [-1, 0.1, 7], [0, 0, 4], [1e6, 1, 9], [0, 1e-9, 9], [3, 3, 1], [0.5, 1.5, 100], [-7, 20, 625], [0, 1, 3000]],
    "uniform": [[0, 1, 5], [-1, 1, 16], [5, 5, 3], [10, 20, 1], [-100, -99, 8], [0, 1e-9, 8], [1, 0, 8], [0, 1e300, 8], [0.1, 0.7, 700], [-10, 10, 5000]],
    "randint": [
        [0, 1, 5], [0, 2, 40], [0, 10, 16], [-5, 5, 16], [7, 8, 3], [0, 256, 16], [0, 1000, 3000], [0, 2**31, 16],
        [-(2**31), 2**31, 16], [0, 2**32 - 1, 16], [0, 2**32, 16], [0, 2**32 + 1, 16], [-(2**40), 2**40, 16],
        [0, 2**53 - 1, 16], [-(2**53) + 1, 0, 16], [0, 3 * 2**50, 300],
    ],
    "permutation": [[n] for n in (0, 1, 2, 3, 10, 16, 100, 257, 1000, 5000)] + [[[3, 1, 4, 1, 5, 9, 2, 6]]],
    "binomial": [
        [0, 0.5, 5], [1, 0.5, 16], [10, 0, 5], [10, 1, 5], [10, 0.3, 16], [20, 0.5, 16], [60, 0.5, 16], [61, 0.5, 300],
        [100, 0.4, 300], [100, 0.9, 300], [1000, 0.01, 300], [1000, 0.5, 1000], [10**6, 0.25, 1000], [10**9, 1e-9, 100],
        [10**9, 0.7, 300], [2**40, 0.001, 100], [40, 0.999, 100], [5000, 0.0061, 500],
    ],
    "poisson": [[0, 5], [0.01, 100], [0.5, 300], [9.99, 300], [10, 1000], [50, 1000], [1e4, 300], [1e6, 100], [3, 1]],
}
names = {"randomSample": "random_sample"}


def case(seed, method, parameters):
    rng = np.random.RandomState(seed)
    values = getattr(rng, names.get(method, method))(*parameters).tolist()
    result = {"seed": seed, "method": method, "parameters": parameters, "length": len(values), "values": values[:SHOWN]}
    return result | {"sum": sum(values), "next": rng.random_sample()}


cases = []
for method, list_of_parameters in calls.items():
    for i, parameters in enumerate(list_of_parameters):
        cases += [case(seeds[j % len(seeds)], method, parameters) for j in (i, i + 3)]
# Streams that the constants of BTPE's last test decide: the signs of its terms, and 13680.
cases += [case(seed, "binomial", [1000, 0.5, 500]) for seed in (10, 13, 34, 884)]
cases += [case(seed, "binomial", [10000, 0.1, 500]) for seed in (23, 1407, 2020)]

shuffles = []
for seed, length in zip(seeds, (0, 1, 2, 3, 8, 16, 50, 64, 65, 200)):
    array = list(range(length))
    rng = np.random.RandomState(seed)
    rng.shuffle(array)
    shuffles.append({"seed": seed, "length": length, "values": array, "next": rng.random_sample()})

mixed = np.random.RandomState(9)  # one stream, methods in turn, single draws
turns = []
for _ in range(12):
    turns.append([mixed.randn(), mixed.random_sample(), int(mixed.randint(0, 77)), int(mixed.binomial(50, 0.4))])

states = []
for seed, draws in zip(seeds, (0, 1, 100, 311, 312, 313, 623, 624, 1000, 5)):
    rng = np.random.RandomState(seed)
    rng.random_sample(draws)
    _, key, position, _, _ = rng.get_state()
    states.append({"seed": seed, "draws": draws, "position": position, "first": key[:4].tolist(), "sum": int(key.astype(np.int64).sum())})

tables = {"cases": cases, "shuffles": shuffles, "turns": turns, "states": states}
rows = lambda table: "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in table) + "\n]"
text = ",\n".join(f'"{name}": {rows(table)}' for name, table in tables.items())
pathlib.Path(__file__).with_name("random-state.json").write_text("{" + text + "}\n")
