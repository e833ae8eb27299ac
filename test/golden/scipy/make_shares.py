"""Writes shares.json: intervals of shares on the logit scale from SciPy (run: python3 make_shares.py)."""
import json
from pathlib import Path

import numpy as np
from scipy import special, stats

random = np.random.RandomState(7)
samples = [
    (np.clip(random.normal(mean, 0.02, n), 0, 1).tolist(), dependence)
    for n, mean, dependence in [(5, 0.8, 0), (3, 0.99, 0), (10, 0.03, 0), (5, 0.9, 0.3)]
]
samples += [([0.0, 1.0], 0), ([0.02, 0.98, 1.0], 0), ([0.5, 0.5], 0)]


def estimate(values, dependence):
    n, mean = len(values), np.mean(values)
    error = np.std(values, ddof=1) * np.sqrt(1 / n + dependence) / (mean * (1 - mean))
    ends = special.expit(special.logit(mean) + np.array([-1, 1]) * stats.t.ppf(0.975, n - 1) * error)
    return {"values": values, "dependence": dependence, "ci95": ends.tolist()}


golden = [estimate(*sample) for sample in samples]
Path(__file__).with_name("shares.json").write_text(json.dumps(golden, indent=1) + "\n")
