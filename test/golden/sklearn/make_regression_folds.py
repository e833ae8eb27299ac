"""What scikit-learn reaches on the regression tables of docs/tables.md, on the five folds of `"split": { "folds": 5, "randomState": 1 }`.

Numbers are filled with their median (with an indicator) and standardized, categories one-hot encoded, all fitted on the training rows; the
networks' targets are standardized, too, as those of a spec are. Prints the root mean squared error as a mean over the folds. Made with Python 3.11,
scikit-learn 1.2.1:

    OMP_NUM_THREADS=1 nice -n 19 python3 make_regression_folds.py FOLDER
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import compose, ensemble, impute, linear_model, metrics, model_selection, neural_network, pipeline, preprocessing

warnings.filterwarnings('ignore')
MODELS = {
    'Ridge': linear_model.Ridge,
    'MLPRegressor': lambda: neural_network.MLPRegressor(random_state=0),
    'MLPRegressor, scaled target': lambda: compose.TransformedTargetRegressor(
        neural_network.MLPRegressor(random_state=0), transformer=preprocessing.StandardScaler()),
    'HistGradientBoostingRegressor': lambda: ensemble.HistGradientBoostingRegressor(random_state=0),
}

for name, target in {'concrete': 'compressive_strength', 'ames': 'Sale_Price'}.items():
    table = pd.read_csv(Path(sys.argv[1]) / f'{name}.csv')
    x, y = table.drop(columns=target), table[target].to_numpy(float)
    texts = [c for c in x if x[c].dtype == object]
    x[texts] = x[texts].fillna('')
    fill = impute.SimpleImputer(strategy='median', add_indicator=True)
    numbers = pipeline.make_pipeline(fill, preprocessing.StandardScaler())
    encoder = preprocessing.OneHotEncoder(handle_unknown='ignore', sparse_output=False)
    prepared = compose.make_column_transformer((numbers, [c for c in x if c not in texts]), (encoder, texts))
    folds = model_selection.KFold(5, shuffle=True, random_state=1)
    for model, make in MODELS.items():
        errors = []
        for train, test in folds.split(x):
            fitted = pipeline.make_pipeline(prepared, make()).fit(x.iloc[train], y[train])
            errors.append(metrics.mean_squared_error(y[test], fitted.predict(x.iloc[test]), squared=False))
        print(f'{name:9} {model:30} {np.mean(errors):.4g} ± {np.std(errors, ddof=1):.2g}', flush=True)
