"""Writes welch.json: Welch's t test, and Student's t for fractions of a degree of freedom (run: python3 make_welch.py)."""
import json
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.RandomState(13)


def welch(n, m, shift, spread):
    a, b = random.normal(0.85, 0.02, n), random.normal(0.85 + shift, spread, m)
    test = stats.ttest_ind(b, a, equal_var=False)
    va, vb = np.var(a, ddof=1) / n, np.var(b, ddof=1) / m
    half = stats.t.ppf(0.975, (va + vb) ** 2 / (va**2 / (n - 1) + vb**2 / (m - 1))) * np.sqrt(va + vb)
    mean = np.mean(b) - np.mean(a)
    return {"a": a.tolist(), "b": b.tolist(), "p": test.pvalue, "ci95": [mean - half, mean + half]}


degrees = [1.0001, 1.3, 1.99, 2.5, 3.7, 7.25, 19.9, 29.99, 30.5, 64.3, 1000.5]
golden = {
    "welch": [welch(2, 2, 0.01, 0.02), welch(2, 9, 0.01, 0.001), welch(5, 8, 0.03, 0.02), welch(8, 8, 0, 0.1), welch(40, 70, 0.01, 0.01)],
    "tQuantile975": [[v, stats.t.ppf(0.975, v)] for v in degrees],
    "tTwoSidedP": [[t, v, 2 * stats.t.sf(t, v)] for v in degrees for t in [1e-3, 0.5, 1.7, 4.0, 40.0]],
}
Path(__file__).with_name("welch.json").write_text(json.dumps(golden, indent=1) + "\n")
