"""PyTorch, eager, as its tutorials write a training loop. The option is not used."""

import copy
import os
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
from python_job import main  # noqa: E402

torch.set_num_threads(int(os.environ['OMP_NUM_THREADS']))
cross_entropy = torch.nn.functional.cross_entropy


def build(weights, dropout):
    layers = []
    for i, (kernel, bias) in enumerate(weights):
        linear = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(kernel.T.copy()))
            linear.bias.copy_(torch.from_numpy(bias))
        layers.append(linear)
        if i < len(weights) - 1:
            layers.append(torch.nn.ReLU())
            if dropout:
                layers.append(torch.nn.Dropout(dropout))
    return torch.nn.Sequential(*layers)


def train(job, variant, epochs, shuffle):
    x, y = map(torch.from_numpy, job['train'])
    x_val, y_val = map(torch.from_numpy, job['validation'])
    torch.manual_seed(42)
    model = build(job['weights'], variant['dropout'])
    kernels = [layer.weight for layer in model if isinstance(layer, torch.nn.Linear)]
    optimizer = torch.optim.Adam(model.parameters(), lr=job['learningRate'])
    best, waited, kept = float('inf'), 0, None
    for _ in range(epochs):
        model.train()
        order = torch.randperm(len(y)) if shuffle else torch.arange(len(y))
        loss_sum, correct = 0.0, 0
        for batch in order.split(job['batchSize']):
            logits = model(x[batch])
            loss = cross_entropy(logits, y[batch])
            if variant['l1']:
                loss = loss + variant['l1'] * sum(kernel.abs().sum() for kernel in kernels)
            if variant['l2']:
                loss = loss + variant['l2'] * sum(kernel.square().sum() for kernel in kernels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(batch)
            correct += (logits.argmax(1) == y[batch]).sum().item()
        model.eval()
        with torch.no_grad():
            logits = model(x_val)
            value = cross_entropy(logits, y_val).item()
            _ = (logits.argmax(1) == y_val).double().mean().item()
        if not variant['patience']:
            continue
        if value < best:
            best, waited, kept = value, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= variant['patience']:
                break
    if kept:
        model.load_state_dict(kept)
    return loss_sum / len(y)


def product(a, b):
    x, y = torch.from_numpy(a), torch.from_numpy(b)
    return lambda: x @ y


def predictor(job):
    model = build(job['weights'], 0).eval()

    def predict(x):
        with torch.no_grad():
            return model(torch.from_numpy(x)).softmax(1).numpy()

    return predict


main(torch.__version__, train, product, predictor)
