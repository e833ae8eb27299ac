"""What the layers for tables compute in PyTorch float64, with their gradients; writes tables.json.

Made with Python 3.11, torch 1.13.0, NumPy 1.24.2: OMP_NUM_THREADS=1 python3 tables.py
"""

import json
import math
from pathlib import Path

import torch
from kinds import grid, layer


def feature_scale():
    x, factors = grid(6, 5), grid(5)
    return layer('featureScale', {}, x, {'factors': factors}, lambda x: x * factors)


def periodic_embedding(features, terms, outputs, size):
    """PBLD of Holzmueller et al. 2024: a dense layer of its own for the waves of each feature, beside the feature."""
    frequencies, phases = grid(features, terms), grid(features * terms)
    kernel, bias = grid(features, outputs - 1, terms), grid(features * (outputs - 1))

    def forward(x):
        own, rest = x[:, :features], x[:, features:]
        waves = torch.cos(2 * math.pi * (own[:, :, None] * frequencies + phases.view(features, terms)))
        linear = torch.einsum('rft,fot->rfo', waves, kernel) + bias.view(features, outputs - 1)
        return torch.cat([torch.cat([own[:, :, None], linear], 2).flatten(1), rest], 1)

    parameters = {'frequencies': frequencies, 'phases': phases, 'kernel': kernel, 'bias': bias}
    return layer('periodicEmbedding', {'features': features, 'terms': terms, 'outputs': outputs}, grid(7, size), parameters, forward)


def batch_ensemble(members, units, inputs, repeats):
    """BatchEnsemble of Wen et al. 2020 as in TabM (Gorishniy et al. 2025): members with one kernel, and scales and biases of their own."""
    kernel, input_scales, output_scales, bias = grid(inputs, units), grid(members, inputs), grid(members, units), grid(members, units)

    def forward(x):
        own = x[:, None, :].expand(-1, members, -1) if repeats else x.view(len(x), members, inputs)
        return (((own * input_scales) @ kernel) * output_scales + bias).flatten(1)

    parameters = {'kernel': kernel, 'inputScales': input_scales, 'outputScales': output_scales, 'bias': bias}
    options = {'units': units, 'members': members, 'repeats': repeats}
    return layer('batchEnsemble', options, grid(6, inputs if repeats else members * inputs), parameters, forward)


def member_dense(members, units, inputs):
    """The heads of TabM: kernel (inputs, members * units) holds those of the members side by side."""
    kernel, bias = grid(inputs, members * units), grid(members * units)

    def forward(x):
        return (torch.einsum('rmi,imu->rmu', x.view(len(x), members, inputs), kernel.view(inputs, members, units)) + bias.view(members, units)).flatten(1)

    return layer('memberDense', {'units': units, 'members': members}, grid(5, members * inputs), {'kernel': kernel, 'bias': bias}, forward)


layers = [feature_scale(), periodic_embedding(3, 16, 4, 5), periodic_embedding(4, 6, 2, 4),
          batch_ensemble(3, 5, 4, True), batch_ensemble(3, 2, 5, False), member_dense(3, 2, 5)]
Path(__file__).with_name('tables.json').write_text(json.dumps({'layers': layers}) + '\n')
