"""scikit-learn's MLPClassifier, for plain models: it has neither L1, nor dropout, nor weights to start from."""

import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

sys.path.insert(0, str(Path(__file__).parent.parent))
from python_job import main  # noqa: E402


def untrained(job):
    return MLPClassifier(
        job['units'][:-1],
        alpha=0,
        batch_size=job['batchSize'],
        learning_rate_init=job['learningRate'],
        random_state=42,
    )


def train(job, variant, epochs, shuffle):
    x, y = job['train']
    model = untrained(job).set_params(shuffle=shuffle)
    # `fit` would stop where the loss no longer falls.
    for _ in range(epochs):
        model.partial_fit(x, y, classes=np.arange(job['units'][-1]))
        model.score(*job['validation'])
    return model.loss_


def predictor(job):
    model = untrained(job).partial_fit(job['train'][0][:2], job['train'][1][:2], classes=np.arange(job['units'][-1]))
    model.coefs_ = [kernel for kernel, _ in job['weights']]
    model.intercepts_ = [bias for _, bias in job['weights']]
    # A single output stands for two classes, of which job['weights'] has two.
    model.out_activation_, model.n_outputs_ = 'softmax', job['units'][-1]
    return model._forward_pass_fast


main(sklearn.__version__, train, None, predictor, comparable=False)
