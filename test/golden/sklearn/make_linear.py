"""Metrics and L1-penalized logistic regression by scikit-learn; writes linear.json.

`metrics`: logits that float32 represents exactly, labels, and scikit-learn's accuracy_score and log_loss of them (float64).
`logistic`: standardized data of which only some features inform, and for several strengths the minimum of
mean cross-entropy + strength * sum |kernel| (biases free) as scikit-learn's saga finds it, with its exact zeros.

Made with Python 3.11, scikit-learn 1.2.1, NumPy 1.24.2:

    python3 make_linear.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss


def metrics():
    random = np.random.RandomState(1)
    cases = []
    for rows, classes, scale in [(1, 2, 1), (7, 2, 4), (300, 2, 0.1), (64, 3, 1), (257, 5, 3), (150, 10, 5), (9, 40, 2)]:
        logits = np.round(random.randn(rows, classes) * scale * 1024) / 1024
        y = random.randint(0, classes, rows)
        p = softmax(logits, axis=1)
        cases.append(
            {
                'shape': [rows, classes],
                'logits': logits.ravel().tolist(),
                'y': y.tolist(),
                'accuracy': accuracy_score(y, p.argmax(axis=1)),
                'logLoss': log_loss(y, p, labels=range(classes)),
            }
        )
    return cases


def logistic():
    random = np.random.RandomState(2)
    rows, features, classes = 120, 8, 3
    x = np.round(random.randn(rows, features) * 1024) / 1024
    truth = np.zeros((features, classes))
    truth[:3] = random.randn(3, classes) * 1.5
    y = (x @ truth + random.gumbel(size=(rows, classes))).argmax(axis=1)
    solutions = []
    for strength in [0.003, 0.02, 0.06]:
        model = LogisticRegression(
            penalty='l1', C=1 / (rows * strength), solver='saga', multi_class='multinomial', tol=1e-14, max_iter=1000000
        ).fit(x, y)
        loss = log_loss(y, model.predict_proba(x)) + strength * np.abs(model.coef_).sum()
        solutions.append({'strength': strength, 'kernel': model.coef_.T.ravel().tolist(), 'loss': loss})
        print(strength, 'zeros', (model.coef_ == 0).sum(), 'of', model.coef_.size, 'loss', loss)
    return {'shape': [rows, features], 'x': x.ravel().tolist(), 'y': y.tolist(), 'solutions': solutions}


if __name__ == '__main__':
    path = Path(__file__).with_name('linear.json')
    path.write_text(json.dumps({'metrics': metrics(), 'logistic': logistic()}) + '\n')
    print('bytes', path.stat().st_size)
