"""A network in NumPy as a course would write it: a class per layer, one array per intermediate result.

The option is the type of all arrays, float64 (NumPy's default) or float32.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from python_job import main  # noqa: E402

DTYPE = np.dtype(sys.argv[1])
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Dense:
    def __init__(self, kernel, bias, l1, l2):
        self.params = [kernel.astype(DTYPE), bias.astype(DTYPE)]
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in self.params]
        self.l1, self.l2 = l1, l2

    def forward(self, x, training):
        self.x = x
        kernel, bias = self.params
        return x @ kernel + bias

    def backward(self, dy):
        kernel = self.params[0]
        d_kernel = self.x.T @ dy
        if self.l1:
            d_kernel += self.l1 * np.sign(kernel)
        if self.l2:
            d_kernel += 2 * self.l2 * kernel
        self.gradients = [d_kernel, dy.sum(axis=0)]
        return dy @ kernel.T

    def update(self, rate, step):
        """Adam (Kingma & Ba 2015, algorithm 1)."""
        for i, (param, gradient) in enumerate(zip(self.params, self.gradients)):
            mean, square = self.moments[i]
            mean = BETA1 * mean + (1 - BETA1) * gradient
            square = BETA2 * square + (1 - BETA2) * gradient**2
            self.moments[i] = mean, square
            mean_hat = mean / (1 - BETA1**step)
            square_hat = square / (1 - BETA2**step)
            self.params[i] = param - rate * mean_hat / (np.sqrt(square_hat) + EPSILON)

    def penalty(self):
        kernel = self.params[0]
        l1 = self.l1 * np.abs(kernel).sum() if self.l1 else 0.0
        return l1 + (self.l2 * (kernel**2).sum() if self.l2 else 0.0)


class ReLU:
    def forward(self, x, training):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dy):
        return dy * (self.x > 0)


class Dropout:
    def __init__(self, rate):
        self.rate = rate

    def forward(self, x, training):
        if not training:
            return x
        self.mask = (np.random.random_sample(x.shape) >= self.rate).astype(DTYPE) / DTYPE.type(1 - self.rate)
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask


def softmax_cross_entropy(logits, y):
    """Mean loss and its gradient."""
    rows = np.arange(len(y))
    shifted = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=1, keepdims=True)
    loss = (np.log(sums[:, 0]) - shifted[rows, y]).mean()
    gradient = exponentials / sums
    gradient[rows, y] -= 1
    return loss, gradient / len(y)


def build(weights, l1, l2, dropout):
    layers = []
    for i, (kernel, bias) in enumerate(weights):
        layers.append(Dense(kernel, bias, l1, l2))
        if i < len(weights) - 1:
            layers.append(ReLU())
            if dropout:
                layers.append(Dropout(dropout))
    return layers


def forward(layers, x, training):
    for layer in layers:
        x = layer.forward(x, training)
    return x


def train(job, variant, epochs, shuffle):
    x, y = job['train'][0].astype(DTYPE), job['train'][1]
    x_val, y_val = job['validation'][0].astype(DTYPE), job['validation'][1]
    np.random.seed(42)
    layers = build(job['weights'], variant['l1'], variant['l2'], variant['dropout'])
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    step, best, waited, kept = 0, float('inf'), 0, None
    for _ in range(epochs):
        order = np.random.permutation(len(y)) if shuffle else np.arange(len(y))
        x_epoch, y_epoch = x[order], y[order]
        loss_sum, correct = 0.0, 0
        for start in range(0, len(y), job['batchSize']):
            x_batch = x_epoch[start : start + job['batchSize']]
            y_batch = y_epoch[start : start + job['batchSize']]
            logits = forward(layers, x_batch, True)
            loss, dy = softmax_cross_entropy(logits, y_batch)
            loss_sum += (loss + sum(layer.penalty() for layer in dense)) * len(y_batch)
            correct += (logits.argmax(axis=1) == y_batch).sum()
            for layer in reversed(layers):
                dy = layer.backward(dy)
            step += 1
            for layer in dense:
                layer.update(job['learningRate'], step)
        logits = forward(layers, x_val, False)
        value, _ = softmax_cross_entropy(logits, y_val)
        _ = (logits.argmax(axis=1) == y_val).mean()
        if not variant['patience']:
            continue
        if value < best:
            best, waited, kept = value, 0, [[p.copy() for p in layer.params] for layer in dense]
        else:
            waited += 1
            if waited >= variant['patience']:
                break
    if kept:
        for layer, params in zip(dense, kept):
            layer.params = params
    return float(loss_sum / len(y))


def predictor(job):
    layers = build(job['weights'], 0, 0, 0)

    def predict(x):
        logits = forward(layers, x.astype(DTYPE, copy=False), False)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    return predict


main(f'{np.__version__} {DTYPE.name}', train, lambda a, b: lambda: a @ b, predictor)
