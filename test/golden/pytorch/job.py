"""Trains the presets' five variants in PyTorch (float32, one thread) and writes job.json.

For every preset (`moons`, `high-dimensional`) and variant: test accuracy and trained epochs for seeds 0..N-1, and
mean and sample standard deviation over the first 8 seeds and over all. The seed sets initialization, shuffling and
dropout; the data are the same for all. Made with Python 3.11, torch 1.13.0, NumPy 1.24.2, scikit-learn 1.2.1:

    OMP_NUM_THREADS=1 python3 job.py [N = 24]
"""

import copy
import json
import statistics
import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import make_classification, make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)

HIDDEN, CLASSES = (128, 64), 2
NOISE_FEATURES, NOISE_RANDOM_STATE = 18, 42
EPOCHS, BATCH, LEARNING_RATE, PATIENCE = 100, 64, 1e-3, 10
VARIANTS = {
    'Baseline': {},
    'L1 Regularization': {'l1': 1e-3},
    'L2 Regularization': {'l2': 1e-3},
    'Dropout': {'dropout': 0.5},
    'Early Stopping': {'early_stopping': True},
}


def moons():
    x, y = make_moons(2000, noise=0.3, random_state=42)
    return np.hstack([x, np.random.RandomState(NOISE_RANDOM_STATE).randn(2000, NOISE_FEATURES)]), y


def high_dimensional():
    return make_classification(
        1000, 100, n_informative=10, n_redundant=40, n_repeated=0, n_classes=2, n_clusters_per_class=2, random_state=42
    )


PRESETS = {'moons': moons, 'high-dimensional': high_dimensional}


def prepare(x, y):
    """Splits into train, validation and test, standardized by the training part, as float32 tensors."""
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.2, random_state=42)
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=42)
    scaler = StandardScaler().fit(x_train)
    tensors = lambda x, y: (torch.tensor(scaler.transform(x), dtype=torch.float32), torch.tensor(y, dtype=torch.int64))
    return tensors(x_train, y_train), tensors(x_val, y_val), tensors(x_test, y_test)


def build(inputs, dropout):
    layers, width = [], inputs
    for units in (*HIDDEN, CLASSES):
        dense = torch.nn.Linear(width, units)
        torch.nn.init.normal_(dense.weight, std=(2 / width) ** 0.5)
        torch.nn.init.zeros_(dense.bias)
        layers.append(dense)
        if units != CLASSES:
            layers.append(torch.nn.ReLU())
            if dropout:
                layers.append(torch.nn.Dropout(dropout))
        width = units
    return torch.nn.Sequential(*layers)


def train(data, seed, l1=0.0, l2=0.0, dropout=0.0, early_stopping=False):
    """Trains one model; returns its test accuracy and the number of epochs trained."""
    (x, y), (x_val, y_val), (x_test, y_test) = data
    torch.manual_seed(seed)
    model = build(x.shape[1], dropout)
    kernels = [layer.weight for layer in model if isinstance(layer, torch.nn.Linear)]
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    cross_entropy = torch.nn.functional.cross_entropy
    best, waited, best_state = float('inf'), 0, None
    for epoch in range(1, EPOCHS + 1):
        model.train()
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = cross_entropy(model(x[batch]), y[batch])
            if l1:
                loss = loss + l1 * sum(kernel.abs().sum() for kernel in kernels)
            if l2:
                loss = loss + l2 * sum(kernel.square().sum() for kernel in kernels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if early_stopping:
            model.eval()
            with torch.no_grad():
                value = cross_entropy(model(x_val), y_val).item()
            if value < best:
                best, waited, best_state = value, 0, copy.deepcopy(model.state_dict())
            else:
                waited += 1
                if waited >= PATIENCE:
                    break
    if best_state is not None:
        model.load_state_dict(best_state)
    model.eval()
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).double().mean().item(), epoch


def summary(values):
    return {'n': len(values), 'mean': statistics.mean(values), 'sd': statistics.stdev(values)}


def main(seeds):
    presets = {}
    for name, generate in PRESETS.items():
        data = prepare(*generate())
        presets[name] = {}
        for variant, options in VARIANTS.items():
            accuracies, epochs = zip(*(train(data, seed, **options) for seed in range(seeds)))
            accuracies = [round(a, 6) for a in accuracies]
            entry = {'first8': summary(accuracies[:8]), 'all': summary(accuracies)}
            presets[name][variant] = {**entry, 'testAccuracy': accuracies, 'epochs': epochs}
            print(name, variant, entry, flush=True)
    result = {'seeds': list(range(seeds)), 'noiseRandomState': NOISE_RANDOM_STATE, 'presets': presets}
    Path(__file__).with_name('job.json').write_text(json.dumps(result) + '\n')


if __name__ == '__main__':
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24)
