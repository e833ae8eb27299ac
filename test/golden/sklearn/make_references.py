"""What scikit-learn's DummyClassifier and LogisticRegression reach on built-in sets; writes references.json.

Splits and scaling as the experiments have them. The penalty of a softmax of two classes is half that of scikit-learn's one column of
weights, so only sets of three and more classes are compared. Made with Python 3.11, scikit-learn 1.2.1:

    python3 make_references.py
"""

import json
from pathlib import Path

from sklearn import datasets, dummy, linear_model, metrics
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SPLIT = {'testSize': 0.25, 'validationSize': 0.2, 'stratify': True, 'randomState': 3}


def scores(model, parts):
    return {name: {'logLoss': metrics.log_loss(y, model.predict_proba(x)), 'accuracy': metrics.accuracy_score(y, model.predict(x))}
            for name, (x, y) in parts.items()}


cases = []
for builtin in ['wine', 'digits']:
    x, y = getattr(datasets, f'load_{builtin}')(return_X_y=True)
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=3)
    x, _, y, _ = train_test_split(x, y, test_size=0.2, stratify=y, random_state=3)
    scaler = StandardScaler().fit(x)
    parts = {'train': (scaler.transform(x), y), 'test': (scaler.transform(x_test), y_test)}
    models = {'prior': dummy.DummyClassifier(), 'linear': linear_model.LogisticRegression(max_iter=10000, tol=1e-8)}
    cases.append({'builtin': builtin, **{name: scores(model.fit(*parts['train']), parts) for name, model in models.items()}})
(Path(__file__).parent / 'references.json').write_text(json.dumps({'split': SPLIT, 'classification': cases}, indent=1) + '\n')
