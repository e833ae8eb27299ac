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


def layer_normalization(epsilon):
    x, gamma, beta = grid(6, 5, scale=2), grid(5), grid(5)
    forward = lambda x: functional.layer_norm(x, (5,), gamma, beta, eps=epsilon)
    return layer('layerNormalization', {'epsilon': epsilon}, x, {'gamma': gamma, 'beta': beta}, forward)


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
        layer_normalization(1e-3),
        layer_normalization(0.2),
    ]


def residual(layers, survival):
    """A block of tanh and a dense layer of the same size, or of another with a projection. Its training step takes part."""
    units = layers[-1]['units']
    x, kernel, bias = grid(6, 5), grid(5, units), grid(units)
    parameters = {'dense1.kernel': kernel, 'dense1.bias': bias}
    carry = lambda x: x
    if units != 5:
        parameters['projection'] = projection = grid(5, units)
        carry = lambda x: x @ projection
    block = lambda x, share: carry(x) + share * functional.linear(torch.tanh(x), kernel.T, bias)
    options = {'layers': layers, 'survivalProbability': survival, 'projection': units != 5}
    return layer('residual', options, x, parameters, lambda x: block(x, 1), lambda x: block(x, survival))


def residuals():
    block = lambda units: [{'type': 'tanh'}, {'type': 'dense', 'units': units}]
    return [residual(block(5), 1), residual(block(3), 0.9)]


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


def regularizer(type_, options, value=None):
    w = grid(4, 6)
    with torch.no_grad():
        w[1, 1] = 0
    penalty = value(w) if value else options.get('l1', 0) * w.abs().sum() + options.get('l2', 0) * w.square().sum()
    penalty.backward()
    return {
        'type': type_,
        'options': options,
        'w': rounded(w),
        'value': float(f'{penalty.item():.12g}'),
        'gradient': rounded(w.grad),
    }


def orthogonal(w, factor):
    """Keras' OrthogonalRegularizer of rows."""
    rows = functional.normalize(w, dim=1)
    products = (rows @ rows.T) * (1 - torch.eye(len(w)))
    return factor * 0.5 * products.abs().sum() / (len(w) * (len(w) - 1) / 2)


def regularizers():
    return [
        regularizer('l1', {'l1': 0.03}),
        regularizer('l2', {'l2': 0.05}),
        regularizer('l1l2', {'l1': 0.02, 'l2': 0.07}),
        regularizer('groupLasso', {'strength': 0.04}, lambda w: 0.04 * w.norm(dim=1).sum()),
        regularizer('orthogonalRegularizer', {'factor': 0.3}, lambda w: orthogonal(w, 0.3)),
        regularizer('orthogonalRegularizer', {'factor': 0.3, 'mode': 'columns'}, lambda w: orthogonal(w.T, 0.3)),
    ]


def constraints():
    w = grid(6, 5, scale=0.6).detach()
    others = (('unitNorm', w / w.norm(dim=0)), ('nonNegative', w.clamp(min=0)))
    return [
        {'type': type_, 'options': {}, 'shape': list(w.shape), 'w': rounded(w), 'constrained': rounded(result)}
        for type_, result in others
    ] + [
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
    return {'type': 'cosineDecay', 'options': {'initialLearningRate': initial, 'decaySteps': steps, 'alpha': alpha}, 'rates': rates}


def warmed(rate, warmup, steps):
    return [rate(0) * step / warmup if step < warmup else rate(step - warmup) for step in range(steps)]


def schedules():
    """Keras' formulas, and PyTorch's schedulers where it has them."""
    scheduler = lambda make: torch_rates(make, 14)
    exponential = lambda step: 0.1 * 0.7 ** (step / 4)
    stairs = lambda step: 0.1 * 0.7 ** (step // 4)
    piecewise = lambda step: (0.3, 0.2, 0.1)[(step > 2) + (step > 6)]
    polynomial = lambda step: (0.1 - 0.02) * (1 - min(step, 9) / 9) ** 2 + 0.02

    def restarts(step, first, t_mul, m_mul, alpha):
        start, length, height = 0, first, 1.0
        while step >= start + length:
            start, length, height = start + length, length * t_mul, height * m_mul
        return 0.1 * ((1 - alpha) * 0.5 * height * (1 + math.cos(math.pi * (step - start) / length)) + alpha)

    result = [
        ('exponentialDecay', {'initialLearningRate': 0.1, 'decaySteps': 4, 'decayRate': 0.7}, warmed(exponential, 0, 14)),
        (
            'exponentialDecay',
            {'initialLearningRate': 0.1, 'decaySteps': 4, 'decayRate': 0.7, 'staircase': True, 'warmupSteps': 3},
            warmed(stairs, 3, 14),
        ),
        ('piecewiseConstant', {'boundaries': [2, 6], 'values': [0.3, 0.2, 0.1]}, warmed(piecewise, 0, 14)),
        (
            'polynomialDecay',
            {'initialLearningRate': 0.1, 'decaySteps': 9, 'endLearningRate': 0.02, 'power': 2, 'warmupSteps': 2},
            warmed(polynomial, 2, 14),
        ),
        (
            'oneCycle',
            {'max': 0.1, 'totalSteps': 15},
            scheduler(lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=15)),
        ),
        (
            'cosineRestarts',
            {'initialLearningRate': 0.1, 'firstDecaySteps': 2},
            scheduler(lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 2, 2)),
        ),
        (
            'cosineRestarts',
            {'initialLearningRate': 0.1, 'firstDecaySteps': 3, 'tMul': 1, 'mMul': 0.5, 'alpha': 0.1},
            warmed(lambda step: restarts(step, 3, 1, 0.5, 0.1), 0, 14),
        ),
    ]
    return [{'type': type_, 'options': options, 'rates': rates} for type_, options, rates in result]


def torch_rates(make, steps):
    optimizer = torch.optim.SGD([grid(1)], lr=0.1)
    scheduler, rates = make(optimizer), []
    for _ in range(steps):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return rates


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch has no such optimizer."""

    def __init__(self, parameters, lr, betas):
        super().__init__(parameters, {'lr': lr, 'betas': betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), lr = group['betas'], group['lr']
            for p in group['params']:
                mean = self.state[p].setdefault('mean', torch.zeros_like(p))
                p -= lr * (b1 * mean + (1 - b1) * p.grad).sign()
                mean.mul_(b2).add_((1 - b2) * p.grad)


class NAdam(torch.optim.Optimizer):
    """The algorithm that PyTorch documents and that its versions from 2.0 on compute; 1.13 has one factor mu too many."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, momentum_decay=4e-3):
        super().__init__(parameters, {'lr': lr, 'betas': betas, 'eps': eps, 'decay': momentum_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), mu = group['betas'], lambda t: group['betas'][0] * (1 - 0.5 * 0.96 ** (t * group['decay']))
            for p in group['params']:
                state = self.state[p]
                if not state:
                    state.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state['t'] += 1
                t, m, v = state['t'], state['m'], state['v']
                state['product'] *= mu(t)
                m.mul_(b1).add_(p.grad, alpha=1 - b1)
                v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                denominator = (v / (1 - b2**t)).sqrt() + group['eps']
                p -= group['lr'] * (1 - mu(t)) / (1 - state['product']) * p.grad / denominator
                p -= group['lr'] * mu(t + 1) / (1 - state['product'] * mu(t + 1)) * m / denominator


def optimizer(type_, options, make, steps=20):
    """Weights after some steps along given gradients."""
    w = grid(3, 4)
    start, running, gradients = rounded(w), make([w]), []
    for _ in range(steps):
        w.grad = grid(3, 4, scale=0.5).detach()
        gradients.append(rounded(w.grad))
        running.step()
    end = running.end() if isinstance(running, Averaged) else w
    return {'type': type_, 'options': options, 'start': start, 'gradients': gradients, 'end': rounded(end)}


class Averaged:
    """An optimizer whose parameters end as PyTorch's AveragedModel has them, an exponential moving average."""

    def __init__(self, parameters, make, share):
        self.parameters, self.running = parameters, make(parameters)
        average = lambda old, new, _: share * old + (1 - share) * new
        self.averages = torch.optim.swa_utils.AveragedModel(torch.nn.ParameterList(map(torch.nn.Parameter, parameters)), avg_fn=average)

    def step(self):
        self.running.step()
        self.averages.update_parameters(torch.nn.ParameterList(map(torch.nn.Parameter, self.parameters)))

    def end(self):
        return next(self.averages.parameters())


def optimizers():
    return [
        optimizer(
            'adagrad',
            {'learningRate': 0.05},
            lambda p: torch.optim.Adagrad(p, lr=0.05, initial_accumulator_value=0.1, eps=1e-7),
        ),
        optimizer('nadam', {'learningRate': 0.02}, lambda p: NAdam(p, lr=0.02)),
        optimizer(
            'nadam',
            {'learningRate': 0.02, 'beta1': 0.8, 'beta2': 0.9, 'momentumDecay': 0.2, 'epsilon': 1e-4},
            lambda p: NAdam(p, lr=0.02, betas=(0.8, 0.9), momentum_decay=0.2, eps=1e-4),
        ),
        optimizer('lion', {'learningRate': 0.02}, lambda p: Lion(p, 0.02, (0.9, 0.99))),
        optimizer(
            'sgd',
            {'learningRate': 0.1, 'momentum': 0.9, 'ema': 0.8},
            lambda p: Averaged(p, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), 0.8),
        ),
    ]


def main():
    result = {
        'layers': layers(),
        'losses': losses(),
        'regularizers': regularizers(),
        'constraints': constraints(),
        'schedules': [cosine_decay(0.1, 10, 0.0), cosine_decay(1.0, 7, 0.2), *schedules()],
    }
    result['optimizers'] = optimizers()
    result['layers'] += residuals()
    Path(__file__).with_name('kinds.json').write_text(json.dumps(result) + '\n')
    print({key: len(value) for key, value in result.items()})


if __name__ == '__main__':
    main()
