"""A tutorial's own code, whose path is the option: its create_network and train_network on the data of the job.

It is not part of this repository. Its arithmetic differs (see docs), so its losses do; only its time is of interest.
"""

import contextlib
import io
import json
import runpy
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from python_job import read_job  # noqa: E402

path, _, folder = sys.argv[1:4]
tutorial = runpy.run_path(path, run_name='tutorial')
job = read_job(folder)
(x, y), (x_val, y_val) = job['train'], job['validation']
losses = {}
start = time.perf_counter()
for variant in job['variants']:
    options = {'use_dropout': True, 'dropout_rate': variant['dropout']} if variant['dropout'] else {}
    network = tutorial['create_network'](l1=variant['l1'], l2=variant['l2'], **options)
    stopping = {'use_early_stopping': True, 'patience': variant['patience']} if variant['patience'] else {}
    with contextlib.redirect_stdout(io.StringIO()):
        history = tutorial['train_network'](
            network, x.astype(float), y, x_val.astype(float), y_val,
            num_epochs=job['epochs'], batch_size=job['batchSize'], **stopping,
        )
    losses[variant['label']] = float(history['train_loss'][-1])
print(json.dumps({'version': 'NumPy', 'seconds': time.perf_counter() - start, 'check': {}, 'losses': losses}))
