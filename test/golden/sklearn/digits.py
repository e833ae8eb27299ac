"""Trains the networks of the preset `digits` in scikit-learn and PyTorch (one thread each) and writes digits.json.

Same data, split, scaling, shape, epochs, batch size, optimizer and penalties as the preset, seeds 42 to 49; the seed
sets initialization, shuffling and dropout. PyTorch trains all five variants. MLPClassifier has neither L1 nor dropout
and stops on accuracy instead of loss, so it trains `Baseline` and `L2 Regularization`, and `Defaults`: the same shape,
everything else as scikit-learn chooses it. Its initialization is Glorot-uniform, the others' He-normal.
Made with Python 3.11, NumPy 1.24.2, scikit-learn 1.2.1, torch 1.13.0:

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 19 python3 digits.py
"""

import json
import statistics
import sys
import warnings
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import MinMaxScaler

sys.path.append(str(Path(__file__).parent.parent / 'pytorch'))
import job

SEEDS = range(42, 50)
HIDDEN, BATCH, EPOCHS, LEARNING_RATE = (256, 128), 32, 100, 1e-3
L1, L2, DROPOUT = 1e-5, 3e-5, 0.5
VARIANTS = {
    'Baseline': {},
    'L1 Regularization': {'l1': L1},
    'L2 Regularization': {'l2': L2},
    'Dropout': {'dropout': DROPOUT},
    'Early Stopping': {'early_stopping': True},
}
job.HIDDEN, job.CLASSES, job.BATCH, job.EPOCHS, job.LEARNING_RATE, job.PATIENCE = HIDDEN, 10, BATCH, EPOCHS, LEARNING_RATE, 10

# scikit-learn's penalty is alpha / (2 * batch) * sum(w^2), the preset's is L2 * sum(w^2); training goes on to the end.
PRESET = {'batch_size': BATCH, 'learning_rate_init': LEARNING_RATE, 'max_iter': EPOCHS, 'n_iter_no_change': EPOCHS, 'tol': 0}
CLASSIFIERS = {
    'Baseline': {**PRESET, 'alpha': 0},
    'L2 Regularization': {**PRESET, 'alpha': 2 * BATCH * L2},
    'Defaults': {'max_iter': 1000},
}


def prepare():
    """Training, validation and test part, scaled to [0, 1] by the training part."""
    x, y = load_digits(return_X_y=True)
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.2, random_state=42)
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=42)
    scaler = MinMaxScaler().fit(x_train)
    return [(scaler.transform(x), y) for x, y in ((x_train, y_train), (x_val, y_val), (x_test, y_test))]


def summary(accuracies):
    accuracies = [round(a, 6) for a in accuracies]
    return {'mean': statistics.mean(accuracies), 'sd': statistics.stdev(accuracies), 'testAccuracy': accuracies}


def main():
    warnings.simplefilter('ignore', ConvergenceWarning)
    parts = prepare()
    (x, y), _, (x_test, y_test) = parts
    tensors = [(torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.int64)) for x, y in parts]
    result = {'seeds': list(SEEDS), 'mlpClassifier': {}, 'pytorch': {}}
    for name, options in CLASSIFIERS.items():
        fitted = (MLPClassifier(HIDDEN, random_state=seed, **options).fit(x, y) for seed in SEEDS)
        result['mlpClassifier'][name] = summary([model.score(x_test, y_test) for model in fitted])
        print('MLPClassifier', name, result['mlpClassifier'][name], flush=True)
    for name, options in VARIANTS.items():
        result['pytorch'][name] = summary([job.train(tensors, seed, **options)[0] for seed in SEEDS])
        print('PyTorch', name, result['pytorch'][name], flush=True)
    Path(__file__).with_name('digits.json').write_text(json.dumps(result) + '\n')


if __name__ == '__main__':
    main()
