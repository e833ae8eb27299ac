"""What the Python contenders share: they read the job, run it, and print what child.mjs prints."""

import json
import sys
import time
from pathlib import Path

import numpy as np

CHECK_EPOCHS = 3  # as in child.mjs
REPEATED_TIME = 0.5  # seconds
MANY = 100_000  # rows


def read_job(folder):
    folder = Path(folder)
    job = json.loads((folder / 'job.json').read_text())
    for part in ('train', 'validation'):
        x = np.fromfile(folder / f'{part}.x', np.float32).reshape(-1, job['features'])
        job[part] = x, np.fromfile(folder / f'{part}.y', np.int32).astype(np.int64)
    sizes = [job['features'], *job['units']]
    job['weights'] = []
    for i, width in enumerate(job['units']):
        kernel = np.fromfile(folder / f'weights.{2 * i}', np.float32).reshape(sizes[i], width)
        job['weights'].append((kernel, np.fromfile(folder / f'weights.{2 * i + 1}', np.float32)))
    return job


def run_job(job, train, comparable):
    """`train(job, variant, epochs, shuffle)` returns the training loss of the last epoch.

    Comparable is what starts from the weights of the job.
    """
    check = {
        variant['label']: train(job, variant, CHECK_EPOCHS, False)
        for variant in job['variants']
        if comparable and not variant['dropout'] and not variant['patience']
    }
    start = time.perf_counter()
    losses = {variant['label']: train(job, variant, job['epochs'], True) for variant in job['variants']}
    return {'seconds': time.perf_counter() - start, 'check': check, 'losses': losses}


def run_matmul(size, product):
    """`product(a, b)` makes a function that multiplies float32 matrices and returns the product."""
    index = np.arange(size * size)
    a = (((index * 7) % 13) / 13 - 0.5).astype(np.float32).reshape(size, size)
    b = (((index * 5) % 11) / 11 - 0.5).astype(np.float32).reshape(size, size)
    multiply = product(a, b)
    value, expected = float(multiply()[1, 2]), float(a[1].astype(float) @ b[:, 2].astype(float))
    if not abs(value - expected) <= 1e-4 * size:
        raise ValueError(f'The product is {value}, not {expected}.')
    return {'gflops': 2 * size**3 / median_time(multiply) / 1e9}


def median_time(run):
    """Seconds of a call."""
    run()
    times, deadline = [], time.perf_counter() + REPEATED_TIME
    while len(times) < 5 or time.perf_counter() < deadline:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def run_predict(job, rows, predictor):
    """`predictor(job)` makes a function from x (rows, features) to class probabilities."""
    index = np.arange(rows * job['features'])
    x = ((((index % 9973) * 7) % 13) / 13 - 0.5).astype(np.float32).reshape(rows, -1)
    predict = predictor(job)
    return {'milliseconds': 1000 * median_time(lambda: predict(x)), 'check': {'first': float(predict(x)[0, 0])}}


def main(version, train=None, product=None, predictor=None, comparable=True):
    """`CONTENDER OPTION job|predict-one|predict-many FOLDER` or `CONTENDER OPTION matmul SIZE`."""
    task, argument = sys.argv[2:4]
    if task == 'job':
        result = run_job(read_job(argument), train, comparable)
    elif task == 'matmul':
        result = run_matmul(int(argument), product)
    else:
        result = run_predict(read_job(argument), 1 if task == 'predict-one' else MANY, predictor)
    print(json.dumps({'version': version, **result}))
