"""What scikit-learn's defaults reach on tables that `bench/tables.ts` gives to fitTable; writes tables.json.

Five outer folds: fold k tests the rows i with i % 5 == k. Numbers are filled with their median (with an indicator) and standardized,
categories one-hot encoded, all fitted on the training rows. Metrics are means over the folds. Made with Python 3.11, scikit-learn 1.2.1,
on CSV files that their sources give away (see bench/README.md):

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 19 python3 make_tables.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import ensemble, impute, linear_model, metrics, neural_network, pipeline, preprocessing
from sklearn.compose import make_column_transformer

warnings.filterwarnings('ignore')
TABLES = {'penguins': 'species', 'sonar': 'Class', 'vehicle': 'Class', 'credit': 'Status', 'spam': 'type',
          'satellite': 'classes', 'concrete': 'compressive_strength', 'ames': 'Sale_Price'}
CLASSIFIERS = {
    'linear model': lambda: linear_model.LogisticRegression(max_iter=1000),
    'MLP': lambda: neural_network.MLPClassifier(random_state=0),
    'MLP, early stopping': lambda: neural_network.MLPClassifier(early_stopping=True, random_state=0),
    'random forest': lambda: ensemble.RandomForestClassifier(random_state=0),
    'HistGradientBoosting': lambda: ensemble.HistGradientBoostingClassifier(random_state=0),
}
REGRESSORS = {
    'linear model': linear_model.Ridge,
    'MLP': lambda: neural_network.MLPRegressor(random_state=0),
    'MLP, early stopping': lambda: neural_network.MLPRegressor(early_stopping=True, random_state=0),
    'random forest': lambda: ensemble.RandomForestRegressor(random_state=0),
    'HistGradientBoosting': lambda: ensemble.HistGradientBoostingRegressor(random_state=0),
}


def prepared(x):
    numbers = [c for c in x if x[c].dtype != object]
    texts = [c for c in x if x[c].dtype == object]
    return make_column_transformer(
        (pipeline.make_pipeline(impute.SimpleImputer(strategy='median', add_indicator=True), preprocessing.StandardScaler()), numbers),
        (preprocessing.OneHotEncoder(handle_unknown='ignore', sparse_output=False), texts))


def scores(model, x, y, test, is_regression):
    change = prepared(x)
    a, b = change.fit_transform(x[~test]), change.transform(x[test])
    model.fit(a, y[~test])
    if is_regression:
        return {'rmse': metrics.mean_squared_error(y[test], model.predict(b), squared=False)}
    p = model.predict_proba(b)
    return {'accuracy': metrics.accuracy_score(y[test], model.predict(b)),
            'logLoss': metrics.log_loss(y[test], np.clip(p, 1e-15, 1), labels=model.classes_)}


result = {}
for name, target in TABLES.items():
    table = pd.read_csv(Path(sys.argv[1]) / f'{name}.csv')
    x, y = table.drop(columns=target), table[target]
    known = y.notna()
    x, y = x[known].reset_index(drop=True), y[known].reset_index(drop=True)
    is_regression = y.dtype != object
    result[name] = {}
    for title, make in (REGRESSORS if is_regression else CLASSIFIERS).items():
        folds = [scores(make(), x, y, np.arange(len(y)) % 5 == k, is_regression) for k in range(5)]
        result[name][title] = {m: round(float(np.mean([f[m] for f in folds])), 5) for m in folds[0]}
        print(name, title, result[name][title], flush=True)
(Path(__file__).parent / 'tables.json').write_text(json.dumps(result, indent=1) + '\n')
