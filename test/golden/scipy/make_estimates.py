"""Writes estimates.json: Student t quantiles and interval estimates from SciPy (run: python3 make_estimates.py)."""
import json
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.RandomState(7)
samples = [random.normal(0.8, 0.02, n).tolist() for n in (2, 3, 5, 8, 31, 32, 100)]
samples += [[0.8, 0.8, 0.8], [1e-9, 3e-9], [0.0, 1.0]]


def estimate(values):
    n = len(values)
    low, high = np.mean(values) + np.array([-1, 1]) * stats.t.ppf(0.975, n - 1) * stats.sem(values)
    return {"values": values, "mean": np.mean(values), "sd": np.std(values, ddof=1), "ci95": [low, high]}


degrees = [*range(1, 201), 500, 1000, 10_000, 1_000_000]
golden = {
    "tQuantile975": [[v, stats.t.ppf(0.975, v)] for v in degrees],
    "estimates": [estimate(values) for values in samples],
}
Path(__file__).with_name("estimates.json").write_text(json.dumps(golden, indent=1) + "\n")
