"""Writes comparisons.json: t tests, Holm's adjustment and quantiles (run: python3 make_comparisons.py).

p values, paired tests and quantiles are SciPy's and NumPy's. Holm's adjustment follows the definition of
statsmodels.stats.multitest.multipletests(method="holm"), and the corrected test that of Nadeau & Bengio (2003), here on
SciPy's distribution: neither is in SciPy.
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.RandomState(11)

degrees = [1, 2, 3, 4, 5, 7, 8, 19, 20, 49, 100, 999, 10_000]
statistics = [1e-8, 1e-3, 0.1, 0.5, 1.0, 1.7, 2.5, 4.0, 9.0, 40.0, 1e3]
p_values = [[t, v, 2 * stats.t.sf(t, v)] for v in degrees for t in statistics]


def paired(n, shift, spread):
    baseline = random.normal(0.85, 0.02, n)
    variant = baseline + random.normal(shift, spread, n)
    test = stats.ttest_rel(variant, baseline)
    low, high = test.confidence_interval(0.95)
    return {"variant": variant.tolist(), "baseline": baseline.tolist(), "p": test.pvalue, "ci95": [low, high]}


def corrected(folds, validation_size):
    differences = random.normal(0.01, 0.02, folds)
    ratio = 1 / ((folds - 1) * (1 - validation_size))
    error = np.sqrt((1 / folds + ratio) * np.var(differences, ddof=1))
    half = stats.t.ppf(0.975, folds - 1) * error
    mean = np.mean(differences)
    return {
        "differences": differences.tolist(),
        "dependence": ratio,
        "p": 2 * stats.t.sf(abs(mean) / error, folds - 1),
        "ci95": [mean - half, mean + half],
    }


def holm(values):
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(np.asarray(values)[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(stepped, 1)
    return {"p": list(values), "adjusted": adjusted.tolist()}


def quantiles(values):
    return {"values": values, "shares": [0, 0.25, 0.5, 0.75, 1], "quantiles": np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()}


golden = {
    "tTwoSidedP": p_values,
    "paired": [paired(2, 0.01, 0.01), paired(5, 0.03, 0.01), paired(8, 0.002, 0.02), paired(20, 0.042, 0.02), paired(100, -0.01, 0.03)],
    "corrected": [corrected(5, 0.2), corrected(10, 0.1), corrected(2, 0.5)],
    "holm": [holm(p) for p in ([0.01, 0.04, 0.03], [0.5], [0.9, 0.8, 0.7, 0.6], [0.001, 0.001, 0.2, 0.02], [0.02, 1e-9, 0.02, 0.02])],
    "quantiles": [quantiles(random.normal(size=n).tolist()) for n in (1, 2, 3, 4, 8, 21)],
}
Path(__file__).with_name("comparisons.json").write_text(json.dumps(golden, indent=1) + "\n")
