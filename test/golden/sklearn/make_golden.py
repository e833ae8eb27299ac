"""Writes generators.json, splits.json and scalers.json: values of scikit-learn 1.2.1 (NumPy 1.24).

Large arrays are kept as their first elements and a sum. Run with /usr/bin/python3.
"""
import json
import pathlib

import numpy as np
from sklearn import datasets, model_selection, preprocessing

HERE = pathlib.Path(__file__).parent
SHOWN_ROWS = 30
snake = lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name)


def write(name, tables):
    rows = lambda table: "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in table) + "\n]"
    text = ",\n".join(f'"{key}": {rows(table)}' for key, table in tables.items())
    (HERE / name).write_text("{" + text + "}\n")


def shown(array):
    """Length, first elements and a sum in which positions count, exact for indices and labels."""
    array = np.asarray(array)
    return {"length": len(array), "first": array[:100].tolist(), "sum": int((array * np.arange(1, len(array) + 1)).sum())}


def dataset(name, options):
    x, y = getattr(datasets, snake(name))(**{snake(k): v for k, v in options.items()})
    rows = SHOWN_ROWS if len(x) <= 120 else 4
    return {"options": options, "shape": list(x.shape), "x": x[:rows].ravel().tolist(), "columnSums": x.sum(axis=0).tolist(), **targets(y)}


def targets(y):
    """Classes as they are digested; numbers as their beginning and the sums of their columns."""
    y = np.atleast_1d(y)  # make_regression squeezes a single target to a number
    if y.ndim == 1 and y.dtype.kind == "i":
        return {"y": shown(y)}
    return {"targets": {"shape": list(y.shape), "first": y[:SHOWN_ROWS].ravel().tolist(), "sums": np.atleast_1d(y.sum(axis=0)).tolist()}}


curves = [
    {"randomState": 0},
    {"randomState": 1, "nSamples": 1},
    {"randomState": 2, "nSamples": 2, "noise": 0.1},
    {"randomState": 3, "nSamples": 7, "shuffle": False},
    {"randomState": 4, "nSamples": 14, "shuffle": False},
    {"randomState": 42, "nSamples": 50, "noise": 0.3},
    {"randomState": 5, "nSamples": [5, 20], "noise": 0.05},
    {"randomState": 6, "nSamples": [0, 4]},
    {"randomState": 7, "nSamples": [9, 0], "noise": 0},
    {"randomState": 8, "nSamples": 61, "noise": 2.5, "shuffle": False},
    {"randomState": 4294967295, "nSamples": 33, "noise": 0.2, "shuffle": True},
    {"randomState": 42, "nSamples": 2000, "noise": 0.3},
]
factors = [0.8, 0, 0.5, 0.99, 0.1, 0.3, 0.7, 0.25, 0.6, 0.9, 0.4, 0.5]
blobs = [
    {"randomState": 0},
    {"randomState": 1, "nSamples": 10, "centers": 4},
    {"randomState": 2, "nSamples": 2, "centers": 5},
    {"randomState": 3, "nSamples": 31, "nFeatures": 5, "centers": 1},
    {"randomState": 4, "nSamples": 40, "centers": [[0, 0], [5, 5], [-5, 5]]},
    {"randomState": 5, "nSamples": [3, 0, 9]},
    {"randomState": 6, "nSamples": [10, 20], "centers": [[1, 2, 3], [4, 5, 6]], "clusterStd": [0.1, 2]},
    {"randomState": 7, "nSamples": 25, "clusterStd": [1, 0.5, 0]},
    {"randomState": 8, "nSamples": 25, "centerBox": [0, 1], "clusterStd": 0.05},
    {"randomState": 9, "nSamples": 25, "centerBox": [3, 3], "shuffle": False},
    {"randomState": 4294967295, "nSamples": 30, "nFeatures": 1, "centers": 2, "clusterStd": 10},
    {"randomState": 42, "nSamples": 3000, "nFeatures": 3, "centers": 7, "clusterStd": 1.5},
]
few = {"nSamples": 30, "nFeatures": 6, "nInformative": 3}
classification = [
    {"randomState": 0},
    {"randomState": 1, **few, "nRedundant": 1, "nRepeated": 1, "nClasses": 3},
    {"randomState": 2, **few, "nRedundant": 0, "weights": [0.9]},
    {"randomState": 3, **few, "nClasses": 3, "weights": [0.2, 0.3, 0.5], "flipY": 0},
    {"randomState": 4, **few, "nClasses": 3, "nClustersPerClass": 1, "weights": [0.1, 0.2], "flipY": 0.5},
    {"randomState": 5, **few, "weights": [0.8, 0.7]},
    {"randomState": 6, **few, "weights": [0.3, 0.3]},
    {"randomState": 7, **few, "hypercube": False, "classSep": 2},
    {"randomState": 8, **few, "shift": None, "scale": None},
    {"randomState": 9, **few, "shift": -3, "scale": 0.1, "shuffle": False},
    {"randomState": 10, **few, "shift": [1, 2, 3, 4, 5, 6], "scale": [1, 10, 100, 1, 0.1, 0.01], "flipY": 1},
    {"randomState": 11, "nSamples": 20, "nFeatures": 5, "nInformative": 5, "nRedundant": 0, "nClasses": 8, "nClustersPerClass": 4},
    {"randomState": 12, "nSamples": 20, "nFeatures": 12, "nInformative": 12, "nRedundant": 0, "nClasses": 2, "nClustersPerClass": 1},
    {"randomState": 13, "nSamples": 8, "nFeatures": 34, "nInformative": 32, "nRedundant": 2},
    {"randomState": 14, "nSamples": 3, "nFeatures": 4, "nInformative": 1, "nClasses": 2, "nClustersPerClass": 1, "nRedundant": 1},
    {"randomState": 15, "nSamples": 12, "nFeatures": 4, "nClasses": 1},
    {"randomState": 42, "nSamples": 1000, "nFeatures": 100, "nInformative": 10, "nRedundant": 40},
    {"randomState": 4294967295, "nSamples": 2000, "nFeatures": 20, "nInformative": 8, "nRedundant": 4, "nRepeated": 3, "nClasses": 5},
]
regression = [
    {"randomState": 0},
    {"randomState": 1, "nSamples": 1, "nFeatures": 1},
    {"randomState": 2, "nSamples": 20, "nFeatures": 7, "nInformative": 3, "noise": 5, "bias": -3},
    {"randomState": 3, "nSamples": 20, "nFeatures": 4, "nTargets": 3, "noise": 0.5},
    {"randomState": 4, "nSamples": 33, "nFeatures": 5, "nInformative": 0, "noise": 1, "shuffle": False},
    {"randomState": 4294967295, "nSamples": 500, "nFeatures": 30, "nInformative": 12, "nTargets": 2},
]
friedman = [{"randomState": 0}, {"randomState": 1, "nSamples": 1, "noise": 2}, {"randomState": 42, "nSamples": 500, "noise": 0.7}]
labelled = [
    {"randomState": 0},
    {"randomState": 1, "nSamples": 30, "nClasses": 3, "nLabels": 1, "allowUnlabeled": False},
    {"randomState": 2, "nSamples": 30, "nFeatures": 7, "nClasses": 12, "nLabels": 11, "length": 5},
    {"randomState": 3, "nSamples": 30, "nFeatures": 300, "nClasses": 4, "nLabels": 0, "length": 200},
    {"randomState": 42, "nSamples": 1000, "length": 9},
]
write("generators.json", {
    "makeMoons": [dataset("makeMoons", options) for options in curves],
    "makeCircles": [dataset("makeCircles", {**options, "factor": factor}) for options, factor in zip(curves, factors)],
    "makeBlobs": [dataset("makeBlobs", options) for options in blobs],
    "makeClassification": [dataset("makeClassification", options) for options in classification],
    "makeMultilabelClassification": [dataset("makeMultilabelClassification", options) for options in labelled],
    "makeRegression": [dataset("makeRegression", options) for options in regression],
    "makeFriedman1": [dataset("makeFriedman1", options) for options in friedman + [{"randomState": 3, "nFeatures": 5}]],
    "makeFriedman2": [dataset("makeFriedman2", options) for options in friedman],
    "makeFriedman3": [dataset("makeFriedman3", options) for options in friedman],
})


def labels(seed, classes, rows):
    """As the tests make them: the last class has about half of the rows."""
    return np.minimum(np.random.RandomState(seed).randint(0, 2 * classes, rows), classes - 1)


def split(seed, classes, rows, options):
    y = labels(seed, classes, rows)
    given = {snake(k): v for k, v in options.items()} | {"stratify": y if options.get("stratify") else None}
    train, test = model_selection.train_test_split(np.arange(rows), **given)
    return {"labels": [seed, classes, rows], "options": options, "train": shown(train), "test": shown(test)}


def folds(name, seed, classes, rows, options):
    given = {snake(k): v for k, v in options.items()}
    parts = getattr(model_selection, name)(**given).split(np.arange(rows), labels(seed, classes, rows))
    return {"labels": [seed, classes, rows], "options": options, "folds": [[shown(train), shown(test)] for train, test in parts]}


plain = [
    (0, 2, 10, {}), (1, 2, 10, {"testSize": 0.2}), (2, 3, 11, {"testSize": 0.33}), (3, 3, 11, {"trainSize": 0.33}),
    (4, 2, 50, {"testSize": 7}), (5, 2, 50, {"trainSize": 7}), (6, 2, 50, {"testSize": 7, "trainSize": 0.5}),
    (7, 2, 50, {"testSize": 0.1, "trainSize": 0.2}), (8, 2, 50, {"testSize": 0.29, "shuffle": False}),
    (9, 2, 2, {"testSize": 0.5}), (10, 2, 2000, {"testSize": 0.2}), (11, 4, 1999, {"testSize": 0.25}),
]
stratified = [
    (0, 2, 20, {"testSize": 0.5}), (1, 2, 21, {"testSize": 0.2}), (2, 3, 40, {"testSize": 0.33}), (3, 3, 60, {"trainSize": 0.33}),
    (4, 4, 60, {"testSize": 13}), (5, 5, 61, {"trainSize": 17, "testSize": 11}), (6, 6, 100, {"testSize": 0.07}),
    (27, 8, 100, {"testSize": 0.1, "trainSize": 0.1}), (8, 2, 1000, {"testSize": 0.2}), (9, 10, 1797, {"testSize": 0.2}),
    (10, 10, 200, {"testSize": 0.11}), (11, 3, 59, {}),
]
kfold = [
    (0, 2, 10, {}), (1, 2, 11, {"nSplits": 2}), (2, 2, 11, {"nSplits": 11}), (3, 2, 23, {"nSplits": 4}), (4, 2, 7, {"nSplits": 3}),
    (5, 2, 10, {"shuffle": True, "randomState": 0}), (6, 2, 23, {"nSplits": 4, "shuffle": True, "randomState": 1}),
    (7, 2, 2, {"nSplits": 2, "shuffle": True, "randomState": 2}), (8, 2, 60, {"nSplits": 7, "shuffle": True, "randomState": 42}),
    (9, 2, 1000, {"nSplits": 3, "shuffle": True, "randomState": 4294967295}),
]
stratified_kfold = [
    (0, 2, 20, {}), (1, 2, 21, {"nSplits": 2}), (2, 3, 40, {"nSplits": 4}), (3, 4, 50, {"nSplits": 10}), (4, 5, 60, {"nSplits": 3}),
    (5, 2, 20, {"shuffle": True, "randomState": 0}), (6, 3, 40, {"nSplits": 4, "shuffle": True, "randomState": 1}),
    (7, 5, 60, {"nSplits": 10, "shuffle": True, "randomState": 2}), (8, 3, 59, {"nSplits": 2, "shuffle": True, "randomState": 42}),
    (9, 10, 1797, {"nSplits": 3, "shuffle": True, "randomState": 4294967295}),
]
write("splits.json", {
    "trainTestSplit": [split(seed, classes, rows, {**options, "randomState": seed * 7}) for seed, classes, rows, options in plain]
    + [split(seed, classes, rows, {**options, "stratify": True, "randomState": seed * 7}) for seed, classes, rows, options in stratified],
    "KFold": [folds("KFold", *case) for case in kfold],
    "StratifiedKFold": [folds("StratifiedKFold", *case) for case in stratified_kfold],
})


def scaled(name, options, x, other):
    given = {snake(k): tuple(v) if isinstance(v, list) else v for k, v in options.items()}
    scaler = getattr(preprocessing, name)(**given)
    flat = lambda array: array.ravel().tolist()
    train = scaler.fit_transform(x)
    offset = scaler.mean_ if name == "StandardScaler" else scaler.min_
    return {
        "options": options, "shape": list(x.shape), "x": flat(x), "train": flat(train), "back": flat(scaler.inverse_transform(train)),
        "other": flat(other), "otherScaled": flat(scaler.transform(other)), "offset": flat(offset), "scale": flat(scaler.scale_),
    }


rng = np.random.RandomState(3)
inputs = []
for rows, columns in [(1, 2), (2, 3), (3, 2), (5, 4), (12, 3), (20, 2), (30, 5), (7, 7)]:
    make = lambda n: rng.randn(n, columns) * 10.0 ** rng.randint(-3, 4, size=columns) + rng.randn(columns) * 10
    inputs.append((make(rows), rng.randn(3, columns)))
constant = np.tile([0.1, 5.0, -1e8, 0.0], (11, 1))
nearly = constant * (1 + 1e-16 * rng.randn(11, 4)) + np.array([0, 0, 0, 1e-300]) * rng.randn(11, 4)
shifted = 1e9 + rng.randn(15, 3) * np.array([1e-8, 1e-4, 1.0])
inputs += [(constant, rng.randn(3, 4)), (nearly, rng.randn(3, 4)), (shifted, 1e9 + rng.randn(3, 3))]
ranges = [{}, {"featureRange": [-1, 1]}, {"clip": True}, {"featureRange": [-2, 0.5], "clip": True}]
write("scalers.json", {
    "StandardScaler": [scaled("StandardScaler", {}, *pair) for pair in inputs],
    "MinMaxScaler": [scaled("MinMaxScaler", ranges[i % 4], *pair) for i, pair in enumerate(inputs)],
})
