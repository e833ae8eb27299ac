"""Trains a small network for 104 steps in PyTorch float64, with every optimizer, penalty and dropout; writes trajectories.json.

The file holds, per trajectory, the loss of every step (cross-entropy plus penalty, before the update), the final
parameters and the number of its problem: data and initial parameters. These are multiples of 1/1024, so that float32
represents them exactly; one kernel weight of each layer is zero, where the L1 gradient is sign(0) = 0. 50 samples in
batches of 16 leave a last batch of 2 in each of the 26 epochs.

A comparison in float32 needs trajectories that rounding cannot push across a kink. ReLU bends at pre-activation 0 and
|w| at 0, so the problem of a trajectory is the first one that keeps `MARGINS` away from them at every step (a proximal
step has no jump at its threshold), and on which PyTorch's own float32 ends within `STABLE` of its float64. `deviation`
tells how far float32 strays (largest relative difference of a loss, largest absolute difference of a final parameter):
the measure for the test's tolerances.

Dropout masks are Regulus's own, a hash of (seed, dropout layer, step, index), written down here a second time.

Gradients, those of the penalties included, are clipped by torch.nn.utils: every element (`clipValue`), the norm of each
parameter's (`clipNorm`) or of all together (`globalClipNorm`).

PyTorch has no proximal steps; here they follow the step of its optimizer on the loss without L1 (Yun, Lozano & Yang
2021): a soft threshold of l1 times the distance that the optimizer goes per unit of a lasting gradient.

Made with Python 3.11, torch 1.13.0, NumPy 1.24.2:

    OMP_NUM_THREADS=1 python3 trajectories.py
"""

import json
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)

WIDTHS = (5, 7, 6, 3)
SAMPLES, BATCH, STEPS = 50, 16, 104
STRENGTH = 0.01
MARGINS = (1e-5, 3e-6)  # of pre-activations, of weights under L1
STABLE = 5e-6
MODEL_SEED = 4000000007  # above 2^31, where a sign could go wrong
RATES = (0.5, 0.2)  # dropout after the first and the second hidden layer

OPTIMIZERS = {
    'sgd': {'learningRate': 0.1},
    'momentum': {'learningRate': 0.05, 'momentum': 0.9},
    'nesterov': {'learningRate': 0.05, 'momentum': 0.9},
    'adam': {'learningRate': 0.01},
    'adamW': {'learningRate': 0.01, 'weightDecay': 0.02},
    'rmsprop': {'learningRate': 0.003, 'rho': 0.95},
    'rmspropMomentum': {'learningRate': 0.001, 'momentum': 0.8},
}
VARIANTS = (
    {},
    {'l1': STRENGTH},
    {'l2': STRENGTH},
    {'l1': STRENGTH, 'l2': STRENGTH},
    {'dropout': RATES},
    {'dropout': RATES, 'l1': STRENGTH, 'l2': STRENGTH},
    {'proximal': True, 'l1': STRENGTH},
    {'proximal': True, 'l1': STRENGTH, 'l2': STRENGTH},
)
CLIPPED = ('momentum', 'adam', 'rmsprop')
CLIPS = (
    {'clip': {'clipValue': 0.05}, 'l1': STRENGTH, 'l2': STRENGTH},
    {'clip': {'clipNorm': 0.1}, 'l1': STRENGTH, 'l2': STRENGTH},
    {'clip': {'globalClipNorm': 0.25}, 'l1': STRENGTH, 'l2': STRENGTH},
)

U32 = 0xFFFFFFFF


def murmur(x):
    x &= U32
    x = (x ^ x >> 16) * 0x85EBCA6B & U32
    x = (x ^ x >> 13) * 0xC2B2AE35 & U32
    return x ^ x >> 16


def mask(layer, step, size, rate):
    """0 where a unit is dropped, 1 / (1 - rate) where it is kept."""
    halves = (0x243F6A88, 0x85A308D3)
    key0, key1 = (murmur(murmur(murmur(MODEL_SEED ^ half) + layer) + step) for half in halves)
    x = np.arange(size, dtype=np.uint64) * 0x9E3779B1 + key0 & U32
    x = (x ^ x >> 16) * 0x7FEB352D + key1 & U32
    x = (x ^ x >> 15) * 0x846CA68B & U32
    x = (x ^ x >> 16).astype(np.uint32).view(np.int32)
    return (x < np.floor((1 - rate) * 2**32 + 0.5) - 2**31) / (1 - rate)


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


def soft(w, threshold):
    return w.sign() * (w.abs() - threshold).clamp(min=0)


class Proximal:
    """A soft threshold of the kernels after each step of a PyTorch optimizer."""

    def __init__(self, optimizer, kernels, rate, momentum, l1):
        self.optimizer, self.kernels = optimizer, kernels
        self.rate, self.momentum, self.l1 = rate, momentum, l1
        self.zero_grad = optimizer.zero_grad

    @torch.no_grad()
    def step(self):
        self.optimizer.step()
        for w in self.kernels:
            state = self.optimizer.state[w]
            if 'square_avg' in state:
                reach = self.rate / (1 - self.momentum) / (state['square_avg'].sqrt() + 1e-7)
            elif 'exp_avg_sq' in state:
                reach = self.rate / ((state['exp_avg_sq'] / (1 - 0.999 ** int(state['step']))).sqrt() + 1e-8)
            else:
                reach = self.rate / (1 - self.momentum)
            w.copy_(soft(w, reach * self.l1))


def make_optimizer(name, parameters, options, variant):
    rate, momentum = options['learningRate'], options.get('momentum', 0)
    if name in ('adam', 'adamW'):
        # Decay is decoupled and, like the penalties, for kernels (the parameters with two dimensions) only.
        decay = options.get('weightDecay', 0)
        groups = [{'params': [p], 'weight_decay': decay if p.dim() == 2 else 0} for p in parameters]
        optimizer = (torch.optim.AdamW if decay else torch.optim.Adam)(groups, lr=rate)
    elif name.startswith('rmsprop'):
        optimizer = torch.optim.RMSprop(parameters, lr=rate, alpha=options.get('rho', 0.9), eps=1e-7, momentum=momentum)
    else:
        optimizer = torch.optim.SGD(parameters, lr=rate, momentum=momentum, nesterov=name == 'nesterov')
    if not variant.get('proximal'):
        return optimizer
    return Proximal(optimizer, parameters[::2], rate, momentum, variant['l1'])


def clip(parameters, clipValue=None, clipNorm=None, globalClipNorm=None):
    if clipValue is not None:
        torch.nn.utils.clip_grad_value_(parameters, clipValue)
    if clipNorm is not None:
        for p in parameters:
            torch.nn.utils.clip_grad_norm_([p], clipNorm)
    if globalClipNorm is not None:
        torch.nn.utils.clip_grad_norm_(parameters, globalClipNorm)


def forward(x, parameters, masks):
    """Logits and the pre-activations of the hidden layers; `masks` (one a hidden layer) scale the activations."""
    hidden = []
    for layer in range(0, len(parameters), 2):
        x = x @ parameters[layer] + parameters[layer + 1]
        if layer + 2 < len(parameters):
            hidden.append(x)
            x = torch.relu(x)
            if masks:
                x = x * masks[layer // 2]
    return x, hidden


def train(data, name, options, variant, dtype, margins=(0, 0)):
    """Losses and final parameters of one trajectory, or None if it comes closer than `margins` to a kink."""
    x, y = torch.tensor(data[0], dtype=dtype), torch.tensor(data[1])
    parameters = [torch.tensor(w, dtype=dtype, requires_grad=True) for w in data[2]]
    kernels = parameters[::2]
    update = make_optimizer(name, parameters, options, variant)
    proximal = variant.get('proximal', False)
    batches = torch.arange(SAMPLES).split(BATCH)
    losses = []
    for step in range(STEPS):
        rows = batches[step % len(batches)]
        masks = [
            torch.tensor(mask(i, step, len(rows) * WIDTHS[i + 1], rate).reshape(len(rows), -1), dtype=dtype)
            for i, rate in enumerate(variant.get('dropout', ()))
        ]
        logits, hidden = forward(x[rows], parameters, masks)
        if min(h.abs().min() for h in hidden) < margins[0]:
            return None
        # The zeros of the initial kernels are there on purpose.
        if 'l1' in variant and not proximal and min(w.abs()[w != 0].min() for w in kernels) < margins[1]:
            return None
        absolute = variant.get('l1', 0) * sum(w.abs().sum() for w in kernels)
        smooth = torch.nn.functional.cross_entropy(logits, y[rows])
        smooth = smooth + variant.get('l2', 0) * sum(w.square().sum() for w in kernels)
        losses.append((smooth + absolute).item())
        update.zero_grad()
        (smooth if proximal else smooth + absolute).backward()
        clip(parameters, **variant.get('clip', {}))
        update.step()
    return losses, [p.detach().double().numpy() for p in parameters]


def rounded(values):
    return [float(f'{v:.12g}') for v in values]


def solve(name, options, variant):
    """The trajectory on the first problem on which float32 can follow it."""
    seed = -1
    while True:
        seed += 1
        reference = train(problem(seed), name, options, variant, torch.float64, MARGINS)
        if reference is None:
            continue
        losses, final = reference
        losses32, final32 = train(problem(seed), name, options, variant, torch.float32)
        deviation = {
            'loss': max(abs(a - b) / abs(b) for a, b in zip(losses32, losses)),
            'weights': max(np.abs(a - b).max() for a, b in zip(final32, final)),
        }
        if deviation['weights'] < STABLE:
            break
    return {
        'optimizer': {'name': name, **options},
        'variant': variant,
        'problem': seed,
        'losses': rounded(losses),
        'weights': [rounded(w.ravel()) for w in final],
        'deviation': {key: float(f'{value:.2g}') for key, value in deviation.items()},
    }


def main():
    trajectories = []
    for name, options in OPTIMIZERS.items():
        for variant in VARIANTS + (CLIPS if name in CLIPPED else ()):
            t = solve(name, options, variant)
            zeros = sum((np.array(w) == 0).sum() for w in t['weights'])
            print(name, variant, t['problem'], t['losses'][0], t['losses'][-1], t['deviation'], zeros, flush=True)
            trajectories.append(t)
    problems = {}
    for seed in sorted({t['problem'] for t in trajectories}):
        x, y, weights = problem(seed)
        problems[seed] = {'x': x.ravel().tolist(), 'y': y.tolist(), 'weights': [w.ravel().tolist() for w in weights]}
    result = {
        'widths': WIDTHS,
        'batchSize': BATCH,
        'modelSeed': MODEL_SEED,
        'steps': STEPS,
        'problems': problems,
        'trajectories': trajectories,
    }
    path = Path(__file__).with_name('trajectories.json')
    path.write_text(json.dumps(result) + '\n')
    print('trajectories', len(trajectories), 'problems', len(problems), 'bytes', path.stat().st_size)


if __name__ == '__main__':
    main()
