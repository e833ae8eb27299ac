"""Training with weights of samples and of classes: PyTorch's losses averaged by the sum of the weights; writes weights.json.

A linear layer is trained by SGD on batches of 8 in order. scikit-learn says what balanced weights are. Made with Python 3.11,
PyTorch 1.13, scikit-learn 1.2.1, NumPy 1.24.2:

    python3 weights.py
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.utils.class_weight import compute_class_weight

random = np.random.RandomState(5)
ROWS, FEATURES, EPOCHS, BATCH, RATE = 20, 3, 4, 8, 0.1
x = np.round(random.randn(ROWS, FEATURES), 3)
sample_weight = np.ceil(4 * random.gamma(1, 1, ROWS)) / 4
sample_weight[:2] = 0
losses = {
    'softmaxCrossEntropy': lambda z, y: F.cross_entropy(z, y, reduction='none'),
    'binaryCrossEntropy': lambda z, y: F.binary_cross_entropy_with_logits(z[:, 0], y.double(), reduction='none'),
    'meanSquaredError': lambda z, y: ((z - y) ** 2).mean(dim=1),
}


def weigh(y, own, class_weight):
    if class_weight is None:
        return own
    if class_weight == 'balanced':
        classes = np.unique(y)
        by = dict(zip(classes, compute_class_weight('balanced', classes=classes, y=y)))
    else:
        by = {int(key): value for key, value in class_weight.items()}
    return own * np.array([by.get(label, 1) for label in y])


def case(loss, y, outputs, weighted, class_weight):
    own = sample_weight if weighted else np.ones(ROWS)
    weights = torch.tensor(weigh(y, own, class_weight))
    kernel = np.round(random.randn(FEATURES, outputs), 3)
    w, b = torch.tensor(kernel, requires_grad=True), torch.zeros(outputs, dtype=torch.float64, requires_grad=True)
    inputs, targets = torch.tensor(x), torch.tensor(y)
    per_epoch = []
    for _ in range(EPOCHS):
        total = 0
        for start in range(0, ROWS, BATCH):
            part = slice(start, start + BATCH)
            z = inputs[part] @ w + b
            each = losses[loss](z, targets[part])
            mean = (weights[part] * each).sum() / weights[part].sum()
            if loss == 'softmaxCrossEntropy' and class_weight is not None and not weighted:
                by = weigh(np.arange(outputs), np.ones(outputs), class_weight) if class_weight != 'balanced' else compute_class_weight('balanced', classes=np.arange(outputs), y=y)
                assert torch.isclose(mean, F.cross_entropy(z, targets[part], weight=torch.tensor(by)))
            total += float((weights[part] * each).sum())
            gradients = torch.autograd.grad(mean, [w, b])
            with torch.no_grad():
                w -= RATE * gradients[0]
                b -= RATE * gradients[1]
        per_epoch.append(total / float(weights.sum()))
    # Evaluation knows the weights of samples alone.
    each = losses[loss](inputs @ w + b, targets).detach().numpy()
    return {
        'loss': loss, 'y': y.tolist(), 'outputs': outputs, 'weighted': weighted, 'classWeight': class_weight,
        'kernel': kernel.ravel().tolist(), 'trainDataLoss': per_epoch, 'dataLoss': float(np.average(each, weights=own)),
        'trained': w.detach().numpy().ravel().tolist(), 'bias': b.detach().numpy().tolist(),
    }


def main():
    three = random.choice(3, ROWS, p=[0.6, 0.3, 0.1])
    three[5:8] = [0, 1, 2]
    two = (random.rand(ROWS) < 0.25).astype(int)
    real = np.round(random.randn(ROWS, 2), 3)
    cases = [case('meanSquaredError', real, 2, True, None)]
    for y, loss, outputs in [(three, 'softmaxCrossEntropy', 3), (two, 'binaryCrossEntropy', 1)]:
        cases.append(case(loss, y, outputs, True, None))
        for weighted in [False, True]:
            cases.append(case(loss, y, outputs, weighted, 'balanced'))
            cases.append(case(loss, y, outputs, weighted, {'0': 0.5, '1': 3}))
    data = {'x': x.ravel().tolist(), 'shape': list(x.shape), 'sampleWeight': sample_weight.tolist()}
    data |= {'epochs': EPOCHS, 'batchSize': BATCH, 'learningRate': RATE, 'cases': cases}
    Path(__file__).with_name('weights.json').write_text(json.dumps(data) + '\n')
    print(len(cases), 'cases')


if __name__ == '__main__':
    main()
