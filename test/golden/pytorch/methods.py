"""Trains a small network with sharpness-aware minimization, adversarial training and averages of weights in PyTorch float64.

Writes methods.json: for each run its options, the mean loss of every epoch, penalty included, and the weights at its end. SAM is the
two-step algorithm of Foret et al. 2021 (algorithm 1) around torch.optim, with penalties at the old weights; adversarial training
is the loss of Goodfellow et al. 2015 (section 6); the averages are torch.optim.swa_utils.AveragedModel. Batch normalization follows Keras, so
its population variances are written down here. Activations are smooth, and the script asserts that no gradient of an input is so near to
0 that float32 could see another sign.

Made with Python 3.11, torch 1.13.0, NumPy 1.24.2:

    OMP_NUM_THREADS=1 python3 methods.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

torch.set_num_threads(1)
WIDTHS, SAMPLES, BATCH, EPOCHS = (5, 7, 3), 48, 16, 8
MOMENTUM, EPSILON = 0.9, 1e-3
NAMES = ('dense1.kernel', 'dense1.bias', 'dense2.kernel', 'dense2.bias')


def problem(seed):
    random = np.random.RandomState(seed)
    grid = lambda a: np.round(a * 1024) / 1024
    x, y = grid(random.randn(SAMPLES, WIDTHS[0])), random.randint(0, WIDTHS[-1], SAMPLES)
    arrays = {}
    for i, (rows, columns) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        arrays[f'dense{i + 1}.kernel'] = grid(random.randn(rows, columns) * np.sqrt(1 / rows))
        arrays[f'dense{i + 1}.bias'] = grid(random.randn(columns) / 8)
    return x, y, arrays


class Net(torch.nn.Module):
    def __init__(self, arrays, normalized):
        super().__init__()
        self.normalized = normalized
        # A bias before batch normalization has no gradient, and Adam would make steps of its rounding errors.
        self.names = [name for name in NAMES if not (normalized and name == 'dense1.bias')]
        self.parameters_ = torch.nn.ParameterList(torch.nn.Parameter(torch.tensor(arrays[name])) for name in self.names)
        if normalized:
            self.gamma, self.beta = (torch.nn.Parameter(f(7, dtype=torch.float64)) for f in (torch.ones, torch.zeros))
            self.register_buffer('mean', torch.zeros(7, dtype=torch.float64))
            self.register_buffer('variance', torch.ones(7, dtype=torch.float64))
        self.moves = True
        self.seen = None  # rows that the moving averages are means of

    def forward(self, x):
        own = dict(zip(self.names, self.parameters_))
        h = x @ own['dense1.kernel'] + own.get('dense1.bias', 0)
        if self.normalized:
            mean, variance = h.mean(0), h.var(0, unbiased=False)
            if self.moves:
                share = 1 - MOMENTUM
                if self.seen is not None:
                    self.seen += len(x)
                    share = len(x) / self.seen
                self.mean += share * (mean.detach() - self.mean)
                self.variance += share * (variance.detach() - self.variance)
            h = (h - mean) / torch.sqrt(variance + EPSILON) * self.gamma + self.beta
        return torch.tanh(h) @ own['dense2.kernel'] + own['dense2.bias']

    def kernels(self):
        return [p for name, p in zip(self.names, self.parameters_) if name.endswith('kernel')]

    def arrays(self):
        named = dict(zip(self.names, self.parameters_))
        if self.normalized:
            own = {'gamma': self.gamma, 'beta': self.beta, 'movingMean': self.mean, 'movingVariance': self.variance}
            named.update({f'batchNormalization1.{name}': value for name, value in own.items()})
        return {name: [float(f'{v:.12g}') for v in value.detach().flatten().tolist()] for name, value in named.items()}


OPTIMIZERS = {
    'sgd': lambda p, o: torch.optim.SGD(p, lr=o['learningRate'], momentum=o.get('momentum', 0)),
    'adam': lambda p, o: torch.optim.Adam(p, lr=o['learningRate']),
}


def run(options, normalized=False, l2=0.0):
    x, y, arrays = problem(3)
    x, y = torch.tensor(x), torch.tensor(y)
    net = Net(arrays, normalized)
    outer = options['optimizer']
    inner = outer.get('optimizer', outer)
    optimizer = OPTIMIZERS[inner['type']](net.parameters(), inner)
    adversarial = next(iter(options.get('augment', [])), None)
    swa = next(iter(options.get('callbacks', [])), None)
    averaged = torch.optim.swa_utils.AveragedModel(net) if swa else None
    losses = []

    def loss_and_gradients(rows, penalty):
        """The loss of a batch; gradients are of it, with the penalty only where it is asked for."""
        optimizer.zero_grad()
        inputs = x[rows].clone().requires_grad_(True)
        loss = functional.cross_entropy(net(inputs), y[rows])
        if adversarial:
            (slope,) = torch.autograd.grad(loss, inputs, retain_graph=True)
            assert slope.abs().min() > 1e-7, slope.abs().min()
            net.moves, moves = False, net.moves
            moved = (inputs + adversarial['epsilon'] * slope.sign()).detach()
            alpha = adversarial['alpha']
            loss = alpha * loss + (1 - alpha) * functional.cross_entropy(net(moved), y[rows])
            net.moves = moves
        total = loss + l2 * sum(p.square().sum() for p in net.kernels())
        (total if penalty else loss).backward()
        return total.item()

    for epoch in range(1, EPOCHS + 1):
        if swa and epoch == swa['start'] and 'learningRate' in swa:
            optimizer.param_groups[0]['lr'] = swa['learningRate']
        sums = 0.0
        for rows in torch.arange(SAMPLES).split(BATCH):
            if outer['type'] == 'sam':
                sums += loss_and_gradients(rows, False) * len(rows)
                parameters = list(net.parameters())
                norm = torch.sqrt(sum(p.grad.square().sum() for p in parameters))
                old = [p.detach().clone() for p in parameters]
                with torch.no_grad():
                    for p in parameters:
                        p += outer['rho'] * p.grad / norm
                net.moves = False
                loss_and_gradients(rows, False)
                net.moves = True
                with torch.no_grad():
                    for p, before in zip(parameters, old):
                        p.copy_(before)
                    for p in net.kernels():
                        p.grad += 2 * l2 * p
            else:
                sums += loss_and_gradients(rows, True) * len(rows)
            optimizer.step()
        losses.append(float(f'{sums / SAMPLES:.12g}'))
        if swa and epoch >= swa['start'] and (epoch - swa['start']) % swa['every'] == 0:
            averaged.update_parameters(net)
    end = net
    if swa:
        end = averaged.module
        end.seen = 0
        for rows in torch.arange(SAMPLES).split(BATCH):
            end(x[rows])
    return {'fit': options, 'normalized': normalized, 'l2': l2, 'losses': losses, 'arrays': end.arrays()}


def main():
    x, y, arrays = problem(3)
    sgd = {'type': 'sgd', 'learningRate': 0.1, 'momentum': 0.9}
    adam = {'type': 'adam', 'learningRate': 0.02}
    fgsm = {'type': 'adversarial', 'epsilon': 0.15, 'alpha': 0.4}
    sam = {'type': 'sam', 'optimizer': sgd, 'rho': 0.1}
    runs = [
        run({'optimizer': sam}, l2=0.01),
        run({'optimizer': {**sam, 'optimizer': adam, 'rho': 0.05}}, normalized=True),
        run({'optimizer': adam, 'augment': [fgsm]}, normalized=True, l2=0.01),
        run({'optimizer': sam, 'augment': [fgsm]}),
        run({'optimizer': sgd, 'callbacks': [{'type': 'swa', 'start': 3, 'every': 2, 'learningRate': 0.2}]}, normalized=True),
        run({'optimizer': adam, 'callbacks': [{'type': 'swa', 'start': 5, 'every': 1}]}, l2=0.01),
    ]
    result = {
        'epochs': EPOCHS,
        'batchSize': BATCH,
        'momentum': MOMENTUM,
        'x': x.ravel().tolist(),
        'y': y.tolist(),
        'start': {name: array.ravel().tolist() for name, array in arrays.items()},
        'runs': runs,
    }
    Path(__file__).with_name('methods.json').write_text(json.dumps(result) + '\n')
    for each in runs:
        print(each['fit'], each['losses'][0], each['losses'][-1])


if __name__ == '__main__':
    main()
