"""Trains a small network for 60 steps in PyTorch float64, with every optimizer and penalty; writes trajectories.json.

The file holds the data, the initial parameters and, per trajectory, the loss of every step (cross-entropy plus
penalty, before the update) and the final parameters. Data and initial parameters are multiples of 1/1024, so that
float32 represents them exactly; one kernel weight of each layer is zero, where the L1 gradient is sign(0) = 0.

A comparison in float32 needs trajectories that rounding cannot push across a kink. ReLU bends at pre-activation 0 and
|w| at 0, so `SEED` is the first seed, counted from 0, for which every trajectory keeps `MARGIN` away from both; when a
trajectory is added that does not, the search goes on from there. `deviation` tells how far the same computation in
PyTorch float32 strays (largest relative difference of a loss, largest absolute difference of a final parameter): the
measure for the tolerances of the test.

Made with Python 3.11, torch 1.13.0, NumPy 1.24.2:

    OMP_NUM_THREADS=1 python3 trajectories.py
"""

import json
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)

WIDTHS = (5, 7, 6, 3)
SAMPLES, BATCH, STEPS = 50, 16, 60
STRENGTH = 0.01
MARGIN = 1e-5
SEED = 8115

OPTIMIZERS = {
    'sgd': {'learningRate': 0.1},
    'momentum': {'learningRate': 0.05, 'momentum': 0.9},
    'nesterov': {'learningRate': 0.05, 'momentum': 0.9},
    'adam': {'learningRate': 0.01},
    'adamw': {'learningRate': 0.01, 'weightDecay': 0.02},
}
PENALTIES = {'none': {}, 'l1': {'l1': STRENGTH}, 'l2': {'l2': STRENGTH}, 'l1l2': {'l1': STRENGTH, 'l2': STRENGTH}}


def make_optimizer(name, parameters, options):
    rate, momentum = options['learningRate'], options.get('momentum', 0)
    if name in ('adam', 'adamw'):
        # Decay is decoupled and, like the penalties, for kernels (the parameters with two dimensions) only.
        decay = options.get('weightDecay', 0)
        groups = [{'params': [p], 'weight_decay': decay if p.dim() == 2 else 0} for p in parameters]
        return (torch.optim.AdamW if decay else torch.optim.Adam)(groups, lr=rate)
    return torch.optim.SGD(parameters, lr=rate, momentum=momentum, nesterov=name == 'nesterov')


def problem(seed):
    """Data and initial parameters (kernel [in, out], bias [out], per layer) on the grid of 1/1024, in float64."""
    random = np.random.RandomState(seed)
    grid = lambda a: np.round(a * 1024) / 1024
    x = grid(random.randn(SAMPLES, WIDTHS[0]))
    y = random.randint(0, WIDTHS[-1], SAMPLES)
    weights = []
    for rows, columns in zip(WIDTHS, WIDTHS[1:]):
        kernel = grid(random.randn(rows, columns) * np.sqrt(2 / rows))
        kernel[0, 0] = 0
        weights += [kernel, grid(random.randn(columns) / 8)]
    return x, y, weights


def forward(x, parameters, masks=None):
    """Logits and the pre-activations of the hidden layers; `masks` (one a hidden layer) scale the activations."""
    hidden = []
    for layer in range(0, len(parameters), 2):
        x = x @ parameters[layer] + parameters[layer + 1]
        if layer + 2 < len(parameters):
            hidden.append(x)
            x = torch.relu(x)
            if masks is not None:
                x = x * masks[layer // 2]
    return x, hidden


def train(x, y, weights, optimizer, penalty, dtype=torch.float64, masks=None):
    """Losses and final parameters of one trajectory, and its smallest distance from a kink.

    `masks`, if given, is a function from the step (from 0) and the batch's rows to the dropout masks of that step.
    """
    name, options = optimizer
    x, y = torch.tensor(x, dtype=dtype), torch.tensor(y)
    parameters = [torch.tensor(w, dtype=dtype, requires_grad=True) for w in weights]
    kernels = parameters[::2]
    update = make_optimizer(name, parameters, options)
    batches = torch.arange(SAMPLES).split(BATCH)
    losses, distance = [], float('inf')
    for step in range(STEPS):
        rows = batches[step % len(batches)]
        logits, hidden = forward(x[rows], parameters, masks and masks(step, rows))
        loss = torch.nn.functional.cross_entropy(logits, y[rows])
        loss = loss + penalty.get('l1', 0) * sum(w.abs().sum() for w in kernels)
        loss = loss + penalty.get('l2', 0) * sum(w.square().sum() for w in kernels)
        losses.append(loss.item())
        distance = min([distance] + [h.abs().min().item() for h in hidden])
        if 'l1' in penalty:
            # The zeros of the initial kernels are there on purpose.
            distance = min([distance] + [w.abs()[w != 0].min().item() for w in kernels])
        update.zero_grad()
        loss.backward()
        update.step()
    return losses, [p.detach().double().numpy() for p in parameters], distance


def solve(seed):
    """Every trajectory of a seed; None if one of them comes too near a kink."""
    x, y, weights = problem(seed)
    trajectories = []
    for name, options in OPTIMIZERS.items():
        for penalty, strengths in PENALTIES.items():
            run = lambda dtype: train(x, y, weights, (name, options), strengths, dtype)
            losses, final, distance = run(torch.float64)
            if distance < MARGIN:
                return None
            losses32, final32, _ = run(torch.float32)
            deviation = {
                'loss': max(abs(a - b) / abs(b) for a, b in zip(losses32, losses)),
                'weights': max(np.abs(a - b).max() for a, b in zip(final32, final)),
            }
            trajectories.append(
                {
                    'optimizer': {'name': name, **options},
                    'penalty': strengths,
                    'losses': losses,
                    'weights': [w.ravel().tolist() for w in final],
                    'deviation': {key: float(f'{value:.2g}') for key, value in deviation.items()},
                }
            )
    return {
        'seed': seed,
        'widths': WIDTHS,
        'batchSize': BATCH,
        'x': x.ravel().tolist(),
        'y': y.tolist(),
        'weights': [w.ravel().tolist() for w in weights],
        'trajectories': trajectories,
    }


def main():
    seed = SEED
    while (result := solve(seed)) is None:
        seed += 1
    for t in result['trajectories']:
        print(t['optimizer']['name'], t['penalty'], t['losses'][0], t['losses'][-1], t['deviation'])
    path = Path(__file__).with_name('trajectories.json')
    path.write_text(json.dumps(result) + '\n')
    print('seed', seed, 'bytes', path.stat().st_size)


if __name__ == '__main__':
    main()
