"""What the defaults of scikit-learn and XGBoost reach on tables that `bench/tables.mjs` gives to fitTable; writes tables.json.

Five outer folds: fold k tests the rows i with i % 5 == k. Numbers are filled with their median (with an indicator) and standardized,
categories one-hot encoded, all fitted on the training rows. There is a list of values for each metric, one a fold. 'XGBoost, bagged'
is no default: each of five inner folds stops the trees of one model, and predictions are averaged. Made with Python 3.11, scikit-learn 1.2.1,
XGBoost 1.7.4, on CSV files that their sources give away (see bench/README.md):

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 19 python3 make_tables.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from sklearn import ensemble, impute, linear_model, metrics, model_selection, neural_network, pipeline, preprocessing
from sklearn.compose import make_column_transformer

warnings.filterwarnings('ignore')
TABLES = {'penguins': 'species', 'sonar': 'Class', 'vehicle': 'Class', 'credit': 'Status', 'spam': 'type',
          'satellite': 'classes', 'concrete': 'compressive_strength', 'ames': 'Sale_Price',
          'wine': 'target', 'breast_cancer': 'target', 'digits': 'target'}


class Bagged:
    """XGBoost models, each without another fifth of the rows, which stops its trees; what they predict is averaged."""

    def __init__(self, is_regression):
        self.is_regression = is_regression

    def fit(self, x, y):
        kind, folds = ((xgboost.XGBRegressor, model_selection.KFold) if self.is_regression
                       else (xgboost.XGBClassifier, model_selection.StratifiedKFold))
        metric = 'rmse' if self.is_regression else 'logloss' if len(np.unique(y)) == 2 else 'mlogloss'
        self.classes_ = np.unique(y)
        self.models = []
        for train, test in folds(5, shuffle=True, random_state=0).split(x, y):
            model = kind(n_estimators=2000, learning_rate=0.1, early_stopping_rounds=50, eval_metric=metric, n_jobs=1)
            self.models.append(model.fit(x[train], y[train], eval_set=[(x[test], y[test])], verbose=False))

    def predict_proba(self, x):
        return np.mean([model.predict_proba(x) for model in self.models], 0)

    def predict(self, x):
        return np.mean([m.predict(x) for m in self.models], 0) if self.is_regression else self.predict_proba(x).argmax(1)


CLASSIFIERS = {
    'linear model': lambda: linear_model.LogisticRegression(max_iter=1000),
    'MLP': lambda: neural_network.MLPClassifier(random_state=0),
    'MLP, early stopping': lambda: neural_network.MLPClassifier(early_stopping=True, random_state=0),
    'random forest': lambda: ensemble.RandomForestClassifier(random_state=0),
    'HistGradientBoosting': lambda: ensemble.HistGradientBoostingClassifier(random_state=0),
    'XGBoost': lambda: xgboost.XGBClassifier(n_jobs=1),
    'XGBoost, bagged': lambda: Bagged(False),
}
REGRESSORS = {
    'linear model': linear_model.Ridge,
    'MLP': lambda: neural_network.MLPRegressor(random_state=0),
    'MLP, early stopping': lambda: neural_network.MLPRegressor(early_stopping=True, random_state=0),
    'random forest': lambda: ensemble.RandomForestRegressor(random_state=0),
    'HistGradientBoosting': lambda: ensemble.HistGradientBoostingRegressor(random_state=0),
    'XGBoost': lambda: xgboost.XGBRegressor(n_jobs=1),
    'XGBoost, bagged': lambda: Bagged(True),
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
    is_regression = y.dtype.kind in "if" and y.nunique() > 20
    y = y.to_numpy(float) if is_regression else preprocessing.LabelEncoder().fit_transform(y)
    result[name] = {}
    for title, make in (REGRESSORS if is_regression else CLASSIFIERS).items():
        folds = [scores(make(), x, y, np.arange(len(y)) % 5 == k, is_regression) for k in range(5)]
        result[name][title] = {m: [round(float(f[m]), 5) for f in folds] for m in folds[0]}
        print(name, title, {m: round(np.mean(values), 4) for m, values in result[name][title].items()}, flush=True)
    (Path(__file__).parent / 'tables.json').write_text(json.dumps(result) + '\n')
