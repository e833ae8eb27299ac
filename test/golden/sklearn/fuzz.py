"""Compares Regulus with the installed NumPy 1.24 and scikit-learn 1.2.1 on random parameters.

Not part of the tests, which need no Python: /usr/bin/python3 test/golden/sklearn/fuzz.py [cases] [seed]
"""
import json
import pathlib
import random
import subprocess
import sys
import warnings

import numpy as np
from sklearn import datasets, model_selection, preprocessing

warnings.filterwarnings("ignore")
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 600
pick = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
seed = lambda: pick.choice([0, 1, 42, 2**32 - 1, pick.getrandbits(32)])
snake = lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name)
maybe = lambda options, **values: options.update({k: v for k, v in values.items() if pick.random() < 0.5})


def generator_case():
    name = pick.choice(["makeMoons", "makeCircles", "makeBlobs", "makeClassification", "makeClassification"])
    options = {"randomState": seed()}
    size = pick.choice([1, 2, 7, 20, 101, 500])
    maybe(options, shuffle=pick.random() < 0.5)
    if name in ("makeMoons", "makeCircles"):
        maybe(options, nSamples=pick.choice([size, [size, pick.randrange(0, 50)]]), noise=pick.choice([0, 0.1, 1.5, None]))
        if name == "makeCircles":
            maybe(options, factor=pick.choice([0, 0.3, 0.99]))
    elif name == "makeBlobs":
        clusters = pick.randrange(1, 6)
        features = pick.randrange(1, 5)
        points = [[pick.uniform(-5, 5) for _ in range(features)] for _ in range(clusters)]
        if pick.random() < 0.5:
            options |= {"nSamples": size, "centers": pick.choice([clusters, points])}
        else:
            options |= {"nSamples": [pick.randrange(0, 30) for _ in range(clusters - 1)] + [3]}
            options |= {"centers": pick.choice([points, None])}
        maybe(options, nFeatures=features, centerBox=[-1.5, pick.choice([-1.5, 3.5])])
        maybe(options, clusterStd=pick.choice([0, 0.5, [pick.uniform(0, 2) for _ in range(clusters)]]))
    else:
        informative = pick.choice([1, 2, 3, 5, 8, 12, 29, 30, 31, 40])
        classes = pick.randrange(1, 6)
        clusters = pick.randrange(1, 4)
        while classes * clusters > 2**informative:
            classes, clusters = pick.randrange(1, 6), pick.randrange(1, 4)
        redundant, repeated = pick.choice([0, 1, 4]), pick.choice([0, 3])
        features = informative + redundant + repeated + pick.choice([0, 1, 6])
        options |= dict(nSamples=size, nFeatures=features, nInformative=informative, nRedundant=redundant)
        options |= dict(nRepeated=repeated, nClasses=classes, nClustersPerClass=clusters)
        share = [pick.uniform(0, 1) for _ in range(classes)]
        total = sum(share) * pick.choice([1, 1, 0.7, 1.5])
        share = [value / total for value in share]
        if classes > 1 and sum(share[:-1]) <= 1:
            maybe(options, weights=pick.choice([share, share[:-1]]))
        maybe(options, flipY=pick.choice([0, 0.3, 1]), classSep=pick.choice([0, 0.5, 3]), hypercube=pick.random() < 0.3)
        for key in ("shift", "scale"):
            maybe(options, **{key: pick.choice([None, 2.5, [pick.uniform(-3, 3) for _ in range(features)]])})
    return {"kind": "generate", "name": name, "options": options}


def random_case():
    method = pick.choice(["randomSample", "randn", "normal", "uniform", "randint", "permutation", "binomial"])
    n = pick.choice([1, 2, 9, 700])
    low = pick.uniform(-5, 5)
    width = pick.choice([1, 2, 3, 256, 2**31, 2**32 - 1, 2**32, 2**32 + 1, pick.randrange(1, 2**52), 2**53 - 1])
    start = pick.choice([0, -5, -(2**51)]) if width < 2**52 else 0
    trials = pick.choice([0, 1, 5, 20, 60, 61, 100, 1000, 10**6, 10**9, 2**40])
    chance = pick.choice([0, 1, 0.5, 0.3, 0.7, 0.99, 1e-3, 1e-9, pick.random()])
    parameters = {
        "randomSample": [n],
        "randn": [n],
        "normal": [low, pick.uniform(0, 9), n],
        "uniform": [low, low + pick.uniform(0, 100), n],
        "randint": [start, start + width, n],
        "permutation": [pick.choice([0, 1, 2, 30, 3000])],
        "binomial": [trials, chance, n],
    }[method]
    many = [pick.getrandbits(32) for _ in range(pick.choice([1, 2, 5, 700]))]
    return {"kind": "random", "seed": pick.choice([seed(), many]), "method": method, "parameters": parameters}


def labels():
    classes = pick.randrange(1, 7)
    return [pick.choice(range(classes)) if pick.random() < 0.7 else 0 for _ in range(pick.choice([4, 11, 50, 300]))]


def split_case():
    y = labels()
    options = {"randomState": seed()}
    maybe(options, testSize=pick.choice([0.2, 0.5, pick.random(), pick.randrange(1, len(y))]))
    maybe(options, trainSize=pick.choice([0.3, 0.5, pick.random(), pick.randrange(1, len(y))]))
    maybe(options, stratify=True)
    if pick.random() < 0.1:
        options["shuffle"] = False
    if options.get("testSize") == 1 or options.get("trainSize") == 1:
        options.pop("testSize", None), options.pop("trainSize", None)
    return {"kind": "split", "y": y, "options": options}


def folds_case():
    options = {"nSplits": pick.choice([2, 3, 5, 10])}
    if pick.random() < 0.7:
        options |= {"shuffle": True, "randomState": seed()}
    return {"kind": "folds", "name": pick.choice(["KFold", "StratifiedKFold"]), "y": labels(), "options": options}


def scale_case():
    rng = np.random.RandomState(pick.getrandbits(32))
    rows, columns = pick.choice([1, 2, 30, 400]), pick.choice([2, 3, 8])
    center = pick.choice([0, 1, 1e3, 1e9]) * rng.randn(columns)
    spread = 10.0 ** rng.randint(-9, 6, size=columns) * pick.choice([0, 1, 1])
    make = lambda n: {"data": (center + spread * rng.randn(n, columns)).ravel().tolist(), "shape": [n, columns]}
    name = pick.choice(["StandardScaler", "MinMaxScaler"])
    options = {} if name == "StandardScaler" else {"featureRange": pick.choice([[0, 1], [-2, 0.5]]), "clip": pick.random() < 0.5}
    return {"kind": "scale", "name": name, "options": options, "x": make(rows), "other": make(7)}


def expected(case):
    kind, options = case["kind"], {snake(k): v for k, v in case.get("options", {}).items()}
    if kind == "generate":
        x, y = getattr(datasets, snake(case["name"]))(**options)
        return {"x": {"data": x.ravel().tolist(), "shape": list(x.shape)}, "y": y.tolist()}
    if kind == "random":
        rng = np.random.RandomState(case["seed"])
        values = getattr(rng, snake(case["method"]))(*case["parameters"]).tolist()
        return {"values": values, "next": rng.random_sample()}
    rows = np.arange(len(case.get("y", [])))
    if kind == "split":
        y = np.array(case["y"])
        options["stratify"] = y if options.get("stratify") else None
        train, test = model_selection.train_test_split(rows, **options)
        return {"trainIndices": train.tolist(), "testIndices": test.tolist()}
    if kind == "folds":
        folds = getattr(model_selection, case["name"])(**options).split(rows, np.array(case["y"]))
        return [{"trainIndices": train.tolist(), "testIndices": test.tolist()} for train, test in folds]
    x, other = (np.array(case[k]["data"]).reshape(case[k]["shape"]) for k in ("x", "other"))
    if "feature_range" in options:
        options["feature_range"] = tuple(options["feature_range"])
    scaler = getattr(preprocessing, case["name"])(**options)
    train = scaler.fit_transform(x)
    plain = lambda a: {"data": a.ravel().tolist(), "shape": list(a.shape)}
    back = plain(scaler.inverse_transform(train))
    return {"train": plain(train), "other": plain(scaler.transform(other)), "back": back, "scale": scaler.scale_.tolist()}


def differences(path, got, want, report):
    if isinstance(want, dict):
        for key in want:
            differences(f"{path}.{key}", got[key] if isinstance(got, dict) and key in got else None, want[key], report)
    elif isinstance(want, list) and any(isinstance(item, (dict, list)) for item in want):
        for i, item in enumerate(want):
            differences(f"{path}[{i}]", got[i] if got and i < len(got) else None, item, report)
    else:
        a, b = np.atleast_1d(np.array(got, dtype=object)), np.atleast_1d(np.array(want, dtype=object))
        if a.shape != b.shape:
            report.append(f"{path}: shape {a.shape} for {b.shape}")
        elif all(isinstance(item, int) for item in b):
            if not np.array_equal(a, b):
                report.append(f"{path}: integers differ")
        else:
            a, b = a.astype(float), b.astype(float)
            relative = np.abs(a - b) / np.where(b == 0, 1, np.abs(b))
            worst.append((float(relative.max(initial=0)), path, int((relative > 1e-12).sum()), relative.size))


makers = [generator_case, generator_case, random_case, split_case, folds_case, scale_case]
cases = [pick.choice(makers)() for _ in range(COUNT)]
driver = pathlib.Path(__file__).with_name("fuzz-driver.mjs")
answer = subprocess.run(["node", driver], input=json.dumps(cases), capture_output=True, text=True, check=True).stdout
errors = failures = 0
worst = []
for case, got in zip(cases, json.loads(answer)):
    report = []
    try:
        want = expected(case)
    except ValueError as error:
        errors += 1
        if "error" not in got:
            report.append(f"no error, but scikit-learn: {error}")
    else:
        differences(case.get("name") or case.get("method") or case["kind"], got, want, report)
        if "error" in got:
            report.append(got["error"])
    if report:
        failures += 1
        print(str({k: v for k, v in case.items() if k not in ("x", "other", "y")})[-400:], *report[:3], sep="\n   ")
print(f"{COUNT} cases: {failures} differ; both refuse {errors}")
print("floats: largest relative difference, where, elements beyond 1e-12, elements")
groups = {}
for relative, path, beyond, size in worst:
    best = groups.setdefault(path, [0, 0, 0])
    best[0], best[1], best[2] = max(best[0], relative), best[1] + beyond, best[2] + size
for path, values in sorted(groups.items()):
    print(f"  {path:32} {values[0]:.1e} {values[1]} of {values[2]}")
