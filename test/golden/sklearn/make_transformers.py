"""What scikit-learn's transformers learn and do, on missing values, constants, ties and single rows; writes transformers.json.

NaN is written as null; categories are texts or numbers, null where missing. Options have Regulus's names. Made with
Python 3.11, scikit-learn 1.2.1, NumPy 1.24.2, SciPy 1.10.1:

    python3 make_transformers.py
"""

import json
import math
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import compose, impute, pipeline, preprocessing

warnings.filterwarnings('ignore')
random = np.random.RandomState(12)


def snake(name):
    return re.sub('([A-Z])', lambda m: '_' + m[1].lower(), name)


def plain(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else number


def made(module, name, options):
    given = {}
    for key, value in options.items():
        if key == 'quantileRange':
            value = tuple(value)
        if key in ('categories', 'drop') and isinstance(value, list):
            value = [np.array(v, dtype=object) if isinstance(v, list) else v for v in value]
        given[snake(key)] = value
    return getattr(module, name)(**given)


def numeric(name, options, x, other):
    transformer = made(preprocessing, name, options)
    train = transformer.fit_transform(x)
    case = {'options': options, 'x': plain(x), 'train': plain(train), 'back': plain(transformer.inverse_transform(train)),
            'other': plain(other), 'otherTransformed': plain(transformer.transform(other))}
    if name == 'PowerTransformer':
        # The power of a constant column says nothing.
        case['lambdas'] = [None if np.ptp(c[~np.isnan(c)]) == 0 else plain(l) for c, l in zip(x.T, transformer.lambdas_)]
    if name == 'QuantileTransformer':
        case['quantiles'] = plain(transformer.quantiles_.T)
    return case


def holes(x, share):
    x = x.copy()
    x[random.rand(*x.shape) < share] = np.nan
    x[0] = np.nan_to_num(x[0], nan=1.5)
    return x


def tables():
    yield random.randn(30, 3) * [1, 100, 0.5] + [0, 50, 1], random.randn(6, 3) * [2, 200, 1]
    yield holes(random.randn(25, 3), 0.3), holes(random.randn(5, 3) * 3, 0.3)
    yield random.randint(0, 4, (40, 3)).astype(float), random.randint(-1, 6, (8, 3)) / 2  # ties
    yield np.array([[1.0, -2.0, 0.0]]), np.array([[2.0, -2.0, np.nan], [0.5, -3.0, 1.0]])  # a single row
    constant = random.randn(12, 3)
    constant[:, 1] = 4.0
    yield constant, random.randn(4, 3) + 4
    yield np.exp(2 * random.randn(60, 2)), np.exp(random.randn(5, 2))  # long tails


def numerics():
    options = {
        'StandardScaler': [{}, {'withMean': False}, {'withStd': False}],
        'MinMaxScaler': [{}, {'featureRange': [-1, 1], 'clip': True}],
        'RobustScaler': [{}, {'quantileRange': [10, 90], 'unitVariance': True}, {'withCentering': False}, {'withScaling': False}],
        'QuantileTransformer': [{}, {'nQuantiles': 7}, {'outputDistribution': 'normal'}, {'nQuantiles': 10, 'outputDistribution': 'normal', 'subsample': 20, 'randomState': 3}],
        'PowerTransformer': [{}, {'standardize': False}, {'method': 'box-cox'}],
    }
    cases = {}
    for name, choices in options.items():
        cases[name] = []
        for choice in choices:
            given = dict(choice)
            if name == 'MinMaxScaler' and 'featureRange' in given:
                given['featureRange'] = tuple(given['featureRange'])
            for x, other in tables():
                if choice.get('method') == 'box-cox':
                    x, other = np.abs(x) + 0.1, np.abs(other) + 0.1
                if name == 'PowerTransformer' and (len(x) == 1 or any(np.ptp(c) == 0 for c in x.T)):
                    continue  # scikit-learn 1.2 searches for a power of constants, to no purpose
                cases[name].append({**numeric(name, given, x, other), 'options': choice})
    return cases


def imputers():
    nan = np.nan
    numbers = np.array([[1, nan, 3, nan], [2, 5, nan, nan], [2, 5, 7, nan], [nan, 4, 7, nan], [9, 4, 3, nan]])
    other = np.array([[nan, nan, nan, nan], [1, 2, 3, 4]])
    texts = np.array([['b', None], ['a', 'x'], [None, 'x'], ['a', 'y'], ['b', None]], dtype=object)
    cases = []
    for x, o, options in [
        (numbers, other, {}),
        (numbers, other, {'strategy': 'median', 'addIndicator': True}),
        (numbers, other, {'strategy': 'most_frequent'}),
        (numbers, other, {'strategy': 'mean', 'keepEmptyFeatures': True}),
        (numbers, other, {'strategy': 'constant', 'fillValue': -1, 'addIndicator': True}),
        (np.nan_to_num(numbers, nan=-9), np.nan_to_num(other, nan=-9), {'missingValues': -9}),
        (texts, texts[:3], {'strategy': 'most_frequent', 'missingValues': None}),
        (texts, texts[:3], {'strategy': 'constant', 'missingValues': None, 'addIndicator': True}),
        (texts, texts[:3], {'strategy': 'constant', 'missingValues': None, 'fillValue': '?'}),
    ]:
        imputer = made(impute, 'SimpleImputer', options)
        train = imputer.fit_transform(x)
        cases.append({'options': options, 'x': plain(x), 'train': plain(train), 'other': plain(o),
                      'otherTransformed': plain(imputer.transform(o)), 'names': list(imputer.get_feature_names_out())})
    return cases


def encoders():
    texts = [['b', 'x'], ['a', 'y'], ['c', 'x'], ['a', None], ['a', 'y'], ['b', 'y'], ['d', 'x']]
    nans = [[np.nan if v is None else v for v in row] for row in texts]
    numbers = [[1.0, 10], [2.0, 20], [np.nan, 10], [2.0, 20], [5.0, 20]]
    binary = [['no', 1], ['yes', 2], ['no', 3], ['no', 3]]
    cases = {'OneHotEncoder': [], 'OrdinalEncoder': []}
    for name, x, other, options in [
        ('OneHotEncoder', texts, [['c', 'y'], ['a', None]], {}),
        ('OneHotEncoder', texts, [['z', 'y'], ['a', 'w']], {'handleUnknown': 'ignore'}),
        ('OneHotEncoder', texts, [['c', 'y'], ['a', None]], {'drop': 'first'}),
        ('OneHotEncoder', texts, [['z', 'y'], ['a', None]], {'drop': 'first', 'handleUnknown': 'ignore'}),
        ('OneHotEncoder', numbers, [[np.nan, 10], [5, 20]], {}),
        ('OneHotEncoder', numbers, [[7, 10], [5, 30]], {'handleUnknown': 'infrequent_if_exist', 'minFrequency': 2}),
        ('OneHotEncoder', texts, [['z', 'y'], ['c', 'w'], ['b', 'x']], {'handleUnknown': 'infrequent_if_exist', 'maxCategories': 2}),
        ('OneHotEncoder', texts, [['d', 'y'], ['c', 'x'], ['a', 'x']], {'minFrequency': 0.3}),
        ('OneHotEncoder', texts, [['d', 'y'], ['c', 'x'], ['a', 'x']], {'minFrequency': 2, 'drop': 'first'}),
        ('OneHotEncoder', binary, [['yes', 1], ['no', 3]], {'drop': 'if_binary'}),
        ('OneHotEncoder', binary, [['yes', 1], ['no', 3]], {'drop': ['yes', 2]}),
        ('OneHotEncoder', binary, [['maybe', 1]], {'categories': [['yes', 'maybe', 'no'], [3, 2, 1]]}),
        ('OneHotEncoder', [['only', 1]], [['only', 1]], {}),
        ('OrdinalEncoder', nans, [['c', 'y'], ['a', np.nan]], {}),
        ('OrdinalEncoder', nans, [['z', 'y'], ['a', np.nan]], {'handleUnknown': 'use_encoded_value', 'unknownValue': -1, 'encodedMissingValue': -2}),
        ('OrdinalEncoder', nans, [['z', 'y'], ['a', np.nan]], {'handleUnknown': 'use_encoded_value', 'unknownValue': np.nan}),
        ('OrdinalEncoder', numbers, [[np.nan, 10], [5, 20]], {}),
        ('OrdinalEncoder', binary, [['maybe', 1]], {'categories': [['yes', 'maybe', 'no'], [3, 2, 1]]}),
    ]:
        encoder = made(preprocessing, name, options)
        if name == 'OneHotEncoder':
            encoder.set_params(sparse_output=False)
        array = np.array(x) if x is numbers else np.array(x, dtype=object)
        others = np.array(other) if x is numbers else np.array(other, dtype=object)
        train = encoder.fit_transform(array)
        transformed = encoder.transform(others)
        cases[name].append({
            'options': {k: plain(v) for k, v in options.items()} | {k: v for k, v in options.items() if isinstance(v, (int, str)) and not isinstance(v, bool)},
            'x': plain(x), 'train': plain(train), 'back': plain(encoder.inverse_transform(train)),
            'other': plain(other), 'otherTransformed': plain(transformed),
            'names': list(encoder.get_feature_names_out()),
        })
    return cases


def composed():
    frame = pd.DataFrame({'size': [1.0, np.nan, 3.0, 10.0], 'city': ['Oslo', 'Rome', None, 'Oslo'], 'id': [7.0, 8.0, 9.0, 10.0]})
    other = pd.DataFrame({'id': [1.0, 2.0], 'city': ['Paris', 'Rome'], 'size': [np.nan, 2.0]})
    numbers = pipeline.Pipeline([('fill', impute.SimpleImputer(strategy='median', add_indicator=True)), ('scale', preprocessing.StandardScaler())])
    texts = pipeline.Pipeline([
        ('fill', impute.SimpleImputer(strategy='most_frequent', missing_values=None)),
        ('encode', preprocessing.OneHotEncoder(handle_unknown='ignore', sparse_output=False)),
    ])
    columns = compose.ColumnTransformer([('numbers', numbers, ['size']), ('texts', texts, ['city'])], remainder='passthrough')
    rows = lambda f: [{k: None if v is None or v != v else v for k, v in row.items()} for row in f.to_dict('records')]
    train = columns.fit_transform(frame)
    return {'rows': rows(frame), 'train': plain(train), 'other': rows(other), 'otherTransformed': plain(columns.transform(other)),
            'names': list(columns.get_feature_names_out())}


path = Path(__file__).with_name('transformers.json')
path.write_text(json.dumps({'numeric': numerics(), 'imputers': imputers(), 'encoders': encoders(), 'composed': composed()}) + '\n')
