"""Temperatures of the least log loss, by SciPy's minimum of a convex function; writes temperature.json.

Made with Python 3.11, SciPy 1.10.1, NumPy 1.24.2:

    python3 make_temperature.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax


def case(seed, rows, classes, scale):
    random = np.random.RandomState(seed)
    logits = random.randn(rows, classes)
    y = np.array([random.choice(classes, p=softmax(row)) for row in logits])
    p = softmax(scale * logits, axis=1)
    loss = lambda t: -log_softmax(np.log(p) / np.exp(t), axis=1)[np.arange(rows), y].mean()
    found = minimize_scalar(loss, bracket=(-1, 1), tol=1e-14)
    return {'classes': classes, 'probabilities': p.ravel().tolist(), 'y': y.tolist(), 'temperature': float(np.exp(found.x))}


cases = [case(1, 60, 2, 3.0), case(2, 80, 5, 0.4), case(3, 40, 3, 12.0)]
Path(__file__).with_name('temperature.json').write_text(json.dumps(cases) + '\n')
print([each['temperature'] for each in cases])
