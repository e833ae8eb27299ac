"""What single layers, losses, penalties and constraints compute in PyTorch float64, with their gradients; writes kinds.json.

All inputs are multiples of 1/1024, so that float32 has them exactly. Batch normalization follows Keras: its momentum is
PyTorch's 1 - momentum, and the moving variance moves towards the population variance, which is written down here, because
PyTorch takes the sample variance. Schedules are Keras' formula (keras/optimizers/schedules/learning_rate_schedule.py),
which PyTorch's CosineAnnealingLR confirms up to `decaySteps`.

Made with Python 3.11, torch 1.13.0, NumPy 1.24.2:

    OMP_NUM_THREADS=1 python3 kinds.py
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

torch.set_num_threads(1)
random = np.random.RandomState(5)


def grid(*shape, scale=1.0):
    return torch.tensor(np.round(random.randn(*shape) * scale * 1024) / 1024, requires_grad=True)


def rounded(tensor):
    return [float(f'{value:.12g}') for value in tensor.detach().flatten().tolist()]


def layer(type_, options, x, parameters, forward, inference=None, **more):
    """One layer: its output and inference for x (rows, size), and the gradients for a given gradient of the output."""
    y = forward(x)
    dy = grid(*y.shape).detach()
    y.backward(dy)
    return {
        'type': type_,
        'options': options,
        'rows': x.shape[0],
        'x': rounded(x),
        'arrays': {name: rounded(p) for name, p in {**parameters, **more.pop('state', {})}.items()},
        'y': rounded(y),
        'inference': rounded((inference or forward)(x)),
        'dy': rounded(dy),
        'dx': rounded(x.grad),
        'gradients': {name: rounded(p.grad) for name, p in parameters.items()},
        **more,
    }


def dense(use_bias):
    x, kernel, bias = grid(7, 5), grid(5, 4), grid(4)
    parameters = {'kernel': kernel, 'bias': bias} if use_bias else {'kernel': kernel}
    forward = lambda x: functional.linear(x, kernel.T, bias if use_bias else None)
    return layer('dense', {'units': 4, 'useBias': use_bias}, x, parameters, forward)


def batch_normalization(momentum, epsilon):
    x, gamma, beta = grid(6, 5, scale=2), grid(5), grid(5)
    mean, variance = grid(5).detach(), grid(5).detach().abs() + 0.5
    norm = torch.nn.BatchNorm1d(5, eps=epsilon, momentum=1 - momentum).double()
    norm.weight, norm.bias = torch.nn.Parameter(gamma), torch.nn.Parameter(beta)
    norm.running_mean.copy_(mean)
    inference = lambda x: functional.batch_norm(x, mean, variance, gamma, beta, eps=epsilon)

    def forward(x):
        norm.weight.grad = norm.bias.grad = None
        return functional.batch_norm(
            x, norm.running_mean, norm.running_var, gamma, beta, training=True, momentum=1 - momentum, eps=epsilon
        )

    result = layer(
        'batchNormalization',
        {'momentum': momentum, 'epsilon': epsilon},
        x,
        {'gamma': gamma, 'beta': beta},
        forward,
        inference,
        state={'movingMean': mean, 'movingVariance': variance},
    )
    population = variance * momentum + x.var(0, unbiased=False) * (1 - momentum)
    return {**result, 'after': {'movingMean': rounded(norm.running_mean), 'movingVariance': rounded(population)}}


def layers():
    return [
        dense(True),
        dense(False),
        layer('relu', {}, grid(4, 5), {}, torch.relu),
        layer('tanh', {}, grid(4, 5, scale=2), {}, torch.tanh),
        *(
            layer(type_, options, grid(4, 5, scale=2), {}, forward)
            for type_, options, forward in (
                ('leakyRelu', {}, lambda x: functional.leaky_relu(x, 0.3)),
                ('leakyRelu', {'negativeSlope': 0.01}, functional.leaky_relu),
                ('elu', {}, functional.elu),
                ('elu', {'alpha': 0.7}, lambda x: functional.elu(x, 0.7)),
                ('selu', {}, functional.selu),
                ('gelu', {}, functional.gelu),
                ('silu', {}, functional.silu),
                ('mish', {}, functional.mish),
                ('sigmoid', {}, torch.sigmoid),
                ('softplus', {}, functional.softplus),
            )
        ),
        batch_normalization(0.99, 1e-3),
        batch_normalization(0.7, 0.02),
    ]


def loss(type_, output, targets, value, probabilities=None, values=None, options={}):
    mean = value(output)
    mean.backward()
    result = {
        'type': type_,
        'options': options,
        'rows': output.shape[0],
        'output': rounded(output),
        'targets': targets.flatten().tolist(),
        'value': float(f'{mean.item():.12g}'),
        'gradient': rounded(output.grad),
    }
    if probabilities is not None:
        result['probabilities'] = rounded(probabilities(output))
    if values is not None:
        result['values'] = rounded(values(output))
    return result


def pinball(y, t, quantiles):
    """y (rows, targets * quantiles) by the definition of Koenker & Bassett; PyTorch has no such loss."""
    q = torch.tensor(quantiles)
    d = t[:, :, None] - y.reshape(*t.shape, len(quantiles))
    return torch.maximum(q * d, (q - 1) * d).mean()


def smoothed_binary(z, t, smoothing):
    """Keras' rule for labelSmoothing; PyTorch has it for softmax alone."""
    return functional.binary_cross_entropy_with_logits(z, t * (1 - smoothing) + smoothing / 2)


def gaussian(z, t):
    """z (rows, means and logarithms of variances)."""
    mean, log_variance = z.chunk(2, 1)
    return functional.gaussian_nll_loss(mean, t, log_variance.exp() + 1e-6, eps=0)


def losses():
    labels = torch.tensor(random.randint(0, 4, 9))
    classes = torch.tensor(random.randint(0, 2, 9)).double()
    many = torch.tensor(random.randint(0, 2, (9, 3))).double()
    column, values = grid(9, 1).detach(), grid(9, 3).detach()
    binary = functional.binary_cross_entropy_with_logits
    both = lambda z: torch.cat([torch.sigmoid(-z), torch.sigmoid(z)], 1)
    return [
        loss(
            'softmaxCrossEntropy',
            grid(9, 4, scale=3),
            labels,
            lambda z: functional.cross_entropy(z, labels),
            lambda z: torch.softmax(z, 1),
        ),
        loss('binaryCrossEntropy', grid(9, 1, scale=3), classes, lambda z: binary(z[:, 0], classes), both),
        loss('binaryCrossEntropy', grid(9, 3, scale=3), many, lambda z: binary(z, many), torch.sigmoid),
        loss('meanSquaredError', grid(9, 1, scale=2), column, lambda y: functional.mse_loss(y, column)),
        loss('meanSquaredError', grid(9, 3, scale=2), values, lambda y: functional.mse_loss(y, values)),
        *more_losses(),
    ]


def more_losses():
    labels = torch.tensor(random.randint(0, 4, 9))
    many = torch.tensor(random.randint(0, 2, (9, 3))).double()
    column, values = grid(9, 1).detach(), grid(9, 3).detach()
    counts = torch.tensor(random.randint(0, 6, (9, 3))).double()
    smoothing = {'labelSmoothing': 0.15}
    mean_and_variance = lambda z: torch.cat([z.chunk(2, 1)[0], z.chunk(2, 1)[1].exp() + 1e-6], 1)
    poisson = lambda z: functional.poisson_nll_loss(z, counts)
    result = [
        loss(
            'softmaxCrossEntropy',
            grid(9, 4, scale=3),
            labels,
            lambda z: functional.cross_entropy(z, labels, label_smoothing=0.15),
            lambda z: torch.softmax(z, 1),
            options=smoothing,
        ),
        loss(
            'binaryCrossEntropy',
            grid(9, 3, scale=3),
            many,
            lambda z: smoothed_binary(z, many, 0.15),
            torch.sigmoid,
            options=smoothing,
        ),
        loss('poisson', grid(9, 3), counts, poisson, values=torch.exp),
    ]
    for t in (column, values):
        n = t.shape[1]
        huber = lambda delta: lambda y: functional.huber_loss(y, t, delta=delta)
        quantiles = [0.1, 0.5, 0.75]
        result += [
            loss('meanAbsoluteError', grid(9, n, scale=2), t, lambda y: functional.l1_loss(y, t)),
            loss('huber', grid(9, n, scale=2), t, huber(1.0), options={}),
            loss('huber', grid(9, n, scale=2), t, huber(0.4), options={'delta': 0.4}),
            loss(
                'quantile',
                grid(9, 3 * n, scale=2),
                t,
                lambda y: pinball(y, t, quantiles),
                options={'quantiles': quantiles},
            ),
            loss('gaussianNll', grid(9, 2 * n), t, lambda z: gaussian(z, t), values=mean_and_variance),
        ]
    return result


def regularizer(type_, options):
    w = grid(4, 6)
    with torch.no_grad():
        w[1, 1] = 0
    penalty = options.get('l1', 0) * w.abs().sum() + options.get('l2', 0) * w.square().sum()
    penalty.backward()
    return {
        'type': type_,
        'options': options,
        'w': rounded(w),
        'value': float(f'{penalty.item():.12g}'),
        'gradient': rounded(w.grad),
    }


def regularizers():
    return [
        regularizer('l1', {'l1': 0.03}),
        regularizer('l2', {'l2': 0.05}),
        regularizer('l1l2', {'l1': 0.02, 'l2': 0.07}),
    ]


def constraints():
    w = grid(6, 5, scale=0.6).detach()
    return [
        {
            'type': 'maxNorm',
            'options': {'maxValue': greatest},
            'shape': list(w.shape),
            'w': rounded(w),
            'constrained': rounded(torch.renorm(w, 2, 1, greatest)),
        }
        for greatest in (0.8, 1.5)
    ]


def cosine_decay(initial, steps, alpha):
    def rate(step):
        step = min(step, steps)
        cosine_decay = 0.5 * (1.0 + math.cos(math.pi * step / steps))
        return initial * ((1 - alpha) * cosine_decay + alpha)

    rates = [rate(step) for step in range(steps + 5)]
    optimizer = torch.optim.SGD([grid(1)], lr=initial)
    annealing = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, alpha * initial)
    for step in range(steps):
        optimizer.step()
        annealing.step()
        assert abs(annealing.get_last_lr()[0] - rates[step + 1]) < 1e-12, (step, annealing.get_last_lr(), rates)
    return {'type': 'cosineDecay', 'options': {'initial': initial, 'decaySteps': steps, 'alpha': alpha}, 'rates': rates}


def main():
    result = {
        'layers': layers(),
        'losses': losses(),
        'regularizers': regularizers(),
        'constraints': constraints(),
        'schedules': [cosine_decay(0.1, 10, 0.0), cosine_decay(1.0, 7, 0.2)],
    }
    Path(__file__).with_name('kinds.json').write_text(json.dumps(result) + '\n')
    print({key: len(value) for key, value in result.items()})


if __name__ == '__main__':
    main()
