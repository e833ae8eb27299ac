"""F1 and accuracy of scikit-learn for classes (absent ones, ties of logits) and labels; writes macro-f1.json.

Predictions are read off logits, which are multiples of 1/2: the first greatest column of a row, or the columns above 0.
Made with Python 3.11, scikit-learn 1.2.1, NumPy 1.24.2:

    python3 make_macro_f1.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

random = np.random.RandomState(8)


def score(task, logits, targets, predicted):
    return {
        'task': task,
        'shape': list(logits.shape),
        'logits': logits.ravel().tolist(),
        'targets': targets.ravel().tolist(),
        'macroF1': f1_score(targets, predicted, average='macro', zero_division=0),
        'accuracy': accuracy_score(targets, predicted),
    }


def classes(rows, columns, right, bias=0.0):
    """`right` are the classes that occur; `bias` keeps the others from being predicted."""
    logits = np.round(random.randn(rows, columns) * 2) / 2
    logits[:, max(right) + 1 :] -= bias
    targets = random.choice(right, rows)
    return score('classes', logits, targets, logits.argmax(1))


def labels(rows, columns, share, bias=0.0):
    logits = np.round(random.randn(rows, columns) * 2) / 2
    logits[:, -1] -= bias
    targets = (random.rand(rows, columns) < share).astype(int)
    return score('labels', logits, targets, (logits > 0).astype(int))


def main():
    cases = [
        classes(40, 2, [0, 1]),
        classes(300, 5, [0, 1, 2, 3, 4]),
        classes(60, 6, [0, 2]),  # predicted, and never there
        classes(60, 6, [0, 1, 2], bias=100),  # neither predicted nor there
        classes(30, 4, [1]),  # one class alone
        classes(1, 3, [2]),
        labels(50, 3, [0.5, 0.2, 0.8]),
        labels(50, 4, [0.5, 0.2, 0.8, 0.0], bias=100),  # a label that is neither predicted nor there counts as 0
        labels(50, 2, [0.0, 1.0]),
        labels(300, 7, 0.4),
    ]
    path = Path(__file__).with_name('macro-f1.json')
    path.write_text(json.dumps(cases) + '\n')
    print(len(cases), [round(case['macroF1'], 3) for case in cases])


if __name__ == '__main__':
    main()
