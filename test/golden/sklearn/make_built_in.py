"""Writes built-in.json: facts about scikit-learn's copies of the datasets that come with Regulus.

Made with Python 3.11, scikit-learn 1.2.1:

    python3 make_built_in.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine


def facts(bunch):
    x, y = bunch.data.astype('<f8'), bunch.target.astype('<i4' if 'target_names' in bunch else '<f8')
    classes = {}
    if 'target_names' in bunch:
        classes = {'classCounts': np.bincount(y).tolist(), 'classNames': [str(name) for name in bunch.target_names]}
    return {
        **classes,
        'shape': x.shape,
        'featureSums': x.sum(axis=0).tolist(),
        'xSha256': hashlib.sha256(x.tobytes(order='C')).hexdigest(),
        'ySha256': hashlib.sha256(y.tobytes()).hexdigest(),
        'featureNames': [name.replace('_', ' ').replace('/', ' per ') for name in bunch.feature_names],
    }


if __name__ == '__main__':
    sets = {'digits': load_digits(), 'breast_cancer': load_breast_cancer(), 'wine': load_wine(), 'iris': load_iris()}
    sets['diabetes'] = load_diabetes()
    golden = {name: facts(bunch) for name, bunch in sets.items()}
    Path(__file__).with_name('built-in.json').write_text(json.dumps(golden) + '\n')
