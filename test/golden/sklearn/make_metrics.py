"""Scores of scikit-learn on labels, scores and real targets, with ties, absent classes and weights; writes metrics.json.

Each case has the name of Regulus' function, its arguments, its options and the value, or `error: true` where scikit-learn raises;
arguments and weights are numbers of `arrays`, because many cases share them.
What scikit-learn 1.2 lacks is computed here from its definition. Made with Python 3.11, scikit-learn 1.2.1, NumPy 1.24.2:

    python3 make_metrics.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.preprocessing import label_binarize

warnings.simplefilter('ignore')
random = np.random.RandomState(13)
arrays = {}
cases = []
camel = {
    'sample_weight': 'sampleWeight', 'pos_label': 'posLabel', 'zero_division': 'zeroDivision', 'multi_class': 'multiClass',
    'force_finite': 'forceFinite', 'drop_intermediate': 'dropIntermediate', 'n_bins': 'nBins',
}
words = {'raw_values': 'rawValues', 'uniform_average': 'uniformAverage', 'variance_weighted': 'varianceWeighted'}


def plain(value):
    """As JSON, which has neither NaN nor Infinity."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(own) for own in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else str(float(value))
    if isinstance(value, np.integer):
        return int(value)
    return words.get(value, value) if isinstance(value, str) else value


def shared(array):
    """The number of an array among all of them."""
    return arrays.setdefault(json.dumps(plain(array)), len(arrays))


def case(name, function, first, second, **options):
    own = {key: shared(value) if key == 'sample_weight' else plain(value) for key, value in options.items()}
    given = {camel.get(key, key): value for key, value in own.items()}
    try:
        outcome = {'value': plain(function(first, second, **options))}
    except ValueError:
        outcome = {'error': True}
    cases.append({'name': name, 'args': [shared(first), shared(second)], 'options': given, **outcome})


def average_precision(y, score, average='macro', sample_weight=None, pos_label=1, labels=None):
    """Several classes are each against the rest, as in scikit-learn from 1.3 on."""
    if score.ndim == 2 and y.ndim == 1:
        y = label_binarize(y, classes=labels if labels is not None else np.unique(y))
    return metrics.average_precision_score(y, score, average=average, sample_weight=sample_weight, pos_label=pos_label)


def brier(y, p, sample_weight=None, pos_label=None, labels=None):
    """Several classes as in scikit-learn from 1.7 on: the sum over the classes, half of it for two."""
    if p.ndim == 1:
        return metrics.brier_score_loss(y, p, sample_weight=sample_weight, pos_label=pos_label)
    truth = np.equal.outer(y, labels if labels is not None else np.unique(y))
    scale = 0.5 if p.shape[1] == 2 else 1
    return np.average(scale * ((truth - p) ** 2).sum(axis=1), weights=sample_weight)


def root_mean_squared_error(y, p, sample_weight=None, multioutput='uniform_average'):
    """As in scikit-learn from 1.4 on: the mean of the outputs' roots."""
    roots = np.sqrt(metrics.mean_squared_error(y, p, sample_weight=sample_weight, multioutput='raw_values'))
    if isinstance(multioutput, str):
        return roots if multioutput == 'raw_values' else roots.mean()
    return np.average(roots, weights=multioutput)


def calibration_error(y, p, n_bins=15, sample_weight=None):
    """Guo et al. 2017, (3), with bins that hold their lower edge."""
    if p.ndim == 1:
        p = np.stack([1 - p, p], axis=1)
    weight = np.ones(len(y)) if sample_weight is None else sample_weight
    confidence = p.max(axis=1)
    right = p.argmax(axis=1) == y
    edges = np.arange(1, n_bins) / n_bins
    of = np.digitize(confidence, edges)
    error = 0
    for b in range(n_bins):
        if weight[of == b].sum() > 0:
            gap = np.average(right[of == b], weights=weight[of == b]) - np.average(confidence[of == b], weights=weight[of == b])
            error += weight[of == b].sum() / weight.sum() * abs(gap)
    return error


def curve(function, *names):
    return lambda *args, **options: dict(zip(names, function(*args, **options)))


def weights(n):
    """Multiples of 1/4, whose sums are exact, with a sample that does not count at all."""
    w = np.ceil(4 * random.gamma(2, 1, n)) / 4
    w[0] = 0
    return w


def some(columns, n, classes):
    """Labels of `classes`, of which predictions are right half of the time."""
    y = random.choice(classes, n)
    other = random.choice(columns, n)
    return y, np.where(random.rand(n) < 0.5, y, other)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = np.round(e / e.sum(axis=1, keepdims=True), 4)
    p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    return np.round(p, 4)


def labels_cases():
    names = np.array(['cat', 'dog', 'eel'])
    sets = [
        some([0, 1], 40, [0, 1]),
        some([0, 1, 2, 3], 60, [0, 1, 2, 3]),
        some([0, 1, 2, 3], 50, [0, 2]),  # predicted, and never there
        some([-1, 1], 30, [-1, 1]),
        (np.zeros(6, int), np.zeros(6, int)),  # one class alone
        (np.ones(6, int), np.ones(6, int)),
        (np.zeros(6, int), np.ones(6, int)),
        (np.array([0, 0, 1, 1]), np.zeros(4, int)),  # nothing predicted positive
        (np.array([2]), np.array([2])),
        tuple(names[part] for part in some([0, 1, 2], 40, [0, 1, 2])),
    ]
    for y, p in sets:
        for w in [None, weights(len(y)) if len(y) > 1 else np.array([2.5])]:
            simple = {} if w is None else {'sample_weight': w}
            case('accuracyScore', metrics.accuracy_score, y, p, **simple)
            case('accuracyScore', metrics.accuracy_score, y, p, normalize=False, **simple)
            case('balancedAccuracyScore', metrics.balanced_accuracy_score, y, p, **simple)
            case('balancedAccuracyScore', metrics.balanced_accuracy_score, y, p, adjusted=True, **simple)
            case('matthewsCorrcoef', metrics.matthews_corrcoef, y, p, **simple)
            for how in [None, 'linear', 'quadratic']:
                case('cohenKappaScore', metrics.cohen_kappa_score, y, p, weights=how, **simple)
            case('confusionMatrix', metrics.confusion_matrix, y, p, **simple)
            for how in ['true', 'pred', 'all']:
                case('confusionMatrix', metrics.confusion_matrix, y, p, normalize=how, **simple)
            for average in ['binary', 'macro', 'micro', 'weighted', None]:
                for zero in [0, 1]:
                    more = {'average': average, 'zero_division': zero, **simple}
                    case('precisionScore', metrics.precision_score, y, p, **more)
                    case('recallScore', metrics.recall_score, y, p, **more)
                    case('f1Score', metrics.f1_score, y, p, **more)
                    case('fbetaScore', metrics.fbeta_score, y, p, beta=2, **more)
                    case('fbetaScore', metrics.fbeta_score, y, p, beta=0.5, **more)
    y, p = sets[1]
    for function, name in [(metrics.f1_score, 'f1Score'), (metrics.recall_score, 'recallScore')]:
        for average in ['macro', 'micro', 'weighted', None]:
            case(name, function, y, p, average=average, labels=[3, 1])
    case('confusionMatrix', metrics.confusion_matrix, y, p, labels=[3, 1, 7])
    case('confusionMatrix', metrics.confusion_matrix, y, p, labels=[8, 9])
    case('cohenKappaScore', metrics.cohen_kappa_score, y, p, labels=[3, 1, 0], weights='linear')
    y, p = sets[0]
    case('f1Score', metrics.f1_score, y, p, pos_label=0)
    case('f1Score', metrics.f1_score, y, p, pos_label=5)
    y, p = names[:2][sets[0][0]], names[:2][sets[0][1]]
    case('precisionScore', metrics.precision_score, y, p, pos_label='dog')
    # Several labels a sample.
    for columns, share in [(3, [0.5, 0.2, 0.8]), (4, [0.5, 0.2, 0.8, 0.0])]:
        y = (random.rand(30, columns) < share).astype(int)
        p = np.where(random.rand(30, columns) < 0.7, y, 1 - y)
        p[:, -1] = 0
        for simple in [{}, {'sample_weight': weights(30)}]:
            case('accuracyScore', metrics.accuracy_score, y, p, **simple)
            for average in ['binary', 'macro', 'micro', 'weighted', None]:
                for zero in [0, 1]:
                    more = {'average': average, 'zero_division': zero, **simple}
                    case('precisionScore', metrics.precision_score, y, p, **more)
                    case('recallScore', metrics.recall_score, y, p, **more)
                    case('f1Score', metrics.f1_score, y, p, **more)


def scores_cases():
    roc = curve(metrics.roc_curve, 'fpr', 'tpr', 'thresholds')
    pr = curve(metrics.precision_recall_curve, 'precision', 'recall', 'thresholds')
    binary = []
    for step in [None, 0.1, 0.5]:
        y = random.randint(0, 2, 50)
        s = np.clip(np.round(0.3 * y + 0.7 * random.rand(50), 4), 0, 1)
        binary.append((y, s if step is None else np.round(np.round(s / step) * step, 3)))
    binary.append((np.array([0, 1, 0, 1]), np.full(4, 0.5)))
    binary.append((np.array([1, 1, 1]), np.array([0.2, 0.9, 0.9])))  # one class alone
    binary.append((np.array([0, 0, 0]), np.array([0.2, 0.9, 0.9])))
    binary.append((np.array([-1, 1, 1, -1, 1]), np.array([0.1, 0.1, 1.0, 0.0, 0.4])))
    for y, s in binary:
        for simple in [{}, {'sample_weight': weights(len(y))}]:
            case('rocCurve', roc, y, s, **simple)
            case('rocCurve', roc, y, s, drop_intermediate=False, **simple)
            case('precisionRecallCurve', pr, y, s, **simple)
            case('rocAucScore', metrics.roc_auc_score, y, s, **simple)
            case('averagePrecisionScore', average_precision, y, s, **simple)
            case('brierScoreLoss', brier, y, s, **simple)
            case('logLoss', metrics.log_loss, y, s, **simple)
            case('logLoss', metrics.log_loss, y, s, normalize=False, **simple)
            if set(y) <= {0, 1}:
                case('expectedCalibrationError', calibration_error, y, s, **simple)
                case('expectedCalibrationError', calibration_error, y, s, n_bins=10, **simple)
            for k in [1, 2]:
                case('topKAccuracyScore', metrics.top_k_accuracy_score, y, s, k=k, labels=sorted({min(y.min(), 0), 1}), **simple)
    y, s = np.array(['no', 'yes', 'yes', 'no']), np.array([0.3, 0.7, 0.2, 0.1])
    case('rocAucScore', metrics.roc_auc_score, y, s)
    case('rocCurve', roc, y, s)
    case('rocCurve', roc, y, s, pos_label='yes')
    case('averagePrecisionScore', average_precision, y, s, pos_label='no')
    case('brierScoreLoss', brier, y, s, pos_label='yes')
    case('logLoss', metrics.log_loss, y, s)
    case('logLoss', metrics.log_loss, np.array([1, 1]), np.array([0.9, 0.8]), labels=[0, 1])
    case('logLoss', metrics.log_loss, np.array([0, 1, 1]), np.array([1.0, 0.0, 1.0]))  # certain, and wrong
    decisions = np.array([-1.5, 0.2, 2.0, -0.1])
    case('topKAccuracyScore', metrics.top_k_accuracy_score, np.array([0, 1, 1, 0]), decisions, k=1)

    three = random.randint(0, 3, 60)
    p = softmax(random.randn(60, 3) + 1.5 * np.eye(3)[three])
    tied = np.round(p * 4) / 4
    tied[:, 2] = 1 - tied[:, 0] - tied[:, 1]
    tied = np.where((tied >= 0).all(axis=1, keepdims=True), tied, [[0.5, 0.25, 0.25]])
    five = softmax(random.randn(40, 5))
    few = random.choice([0, 1, 3], 40)
    two = random.randint(0, 2, 30)
    both = softmax(random.randn(30, 2) + np.eye(2)[two])
    for y, q, labels in [(three, p, None), (three, tied, None), (few, five, [0, 1, 2, 3, 4]), (few, five, None)]:
        known = {} if labels is None else {'labels': labels}
        for simple in [{}, {'sample_weight': weights(len(y))}]:
            for average in ['macro', 'weighted', 'micro', None]:
                case('rocAucScore', metrics.roc_auc_score, y, q, multi_class='ovr', average=average, **known, **simple)
                if labels is not None or q is not five:
                    case('averagePrecisionScore', average_precision, y, q, average=average, **known, **simple)
            for average in ['macro', 'weighted', 'micro']:
                case('rocAucScore', metrics.roc_auc_score, y, q, multi_class='ovo', average=average, **known, **simple)
            case('logLoss', metrics.log_loss, y, q, **known, **simple)
            if labels is not None or q is not five:
                case('brierScoreLoss', brier, y, q, **known, **simple)
            for k in [1, 2, 3]:
                case('topKAccuracyScore', metrics.top_k_accuracy_score, y, q, k=k, **known, **simple)
        if q is not five:
            case('expectedCalibrationError', calibration_error, y, q)
            case('expectedCalibrationError', calibration_error, y, q, sample_weight=weights(len(y)))
    case('rocAucScore', metrics.roc_auc_score, three, p)  # multiClass is missing
    case('rocAucScore', metrics.roc_auc_score, three, 2 * p, multi_class='ovr')
    case('brierScoreLoss', brier, two, both)
    case('logLoss', metrics.log_loss, two, both)
    case('logLoss', metrics.log_loss, two, np.round(both), sample_weight=weights(30))

    y = (random.rand(40, 3) < [0.5, 0.2, 0.8]).astype(int)
    s = np.round(0.4 * y + 0.6 * random.rand(40, 3), 1)
    for simple in [{}, {'sample_weight': weights(40)}]:
        for average in ['macro', 'weighted', 'micro', None]:
            case('rocAucScore', metrics.roc_auc_score, y, s, average=average, **simple)
            case('averagePrecisionScore', average_precision, y, s, average=average, **simple)
    y[:, 1] = 0
    case('rocAucScore', metrics.roc_auc_score, y, s)
    case('averagePrecisionScore', average_precision, y, s, average=None)


def regression_cases():
    flat = np.round(random.randn(31) * 100, 2)
    rows = np.round(random.randn(20, 3) * [1, 10, 100], 2)
    constant = np.stack([np.full(8, 2.0), random.randn(8)], axis=1)
    sets = [
        (flat, np.round(flat + random.randn(31) * 50, 2)),
        (flat[:30], np.round(flat[:30] / 50) * 50),
        (rows, np.round(rows + random.randn(20, 3), 2)),
        (constant, constant + 0.5),
        (constant, np.stack([constant[:, 0], constant[:, 1] * 0.5], axis=1)),
        (np.array([1.0]), np.array([2.0])),
        (np.full(5, 3.0), np.full(5, 3.0)),
        (np.full(5, 3.0), np.full(5, 4.0)),
    ]
    plain_scores = [
        ('meanSquaredError', metrics.mean_squared_error, {}),
        ('rootMeanSquaredError', root_mean_squared_error, {}),
        ('meanAbsoluteError', metrics.mean_absolute_error, {}),
        ('medianAbsoluteError', metrics.median_absolute_error, {}),
        ('meanPinballLoss', metrics.mean_pinball_loss, {}),
        ('meanPinballLoss', metrics.mean_pinball_loss, {'alpha': 0.1}),
    ]
    shares = [
        ('r2Score', metrics.r2_score, {}),
        ('r2Score', metrics.r2_score, {'force_finite': False}),
        ('explainedVarianceScore', metrics.explained_variance_score, {}),
        ('explainedVarianceScore', metrics.explained_variance_score, {'force_finite': False}),
    ]
    for y, p in sets:
        columns = 1 if y.ndim == 1 else y.shape[1]
        own = [0.5, 0.2, 0.3][:columns]
        # R² of one sample is NaN, and not a list.
        hows = ['uniform_average'] + (['raw_values'] if len(y) > 1 else []) + ([own] if columns > 1 else [])
        w = np.array([2.0]) if len(y) == 1 else weights(len(y))
        for simple in [{}, {'sample_weight': w}]:
            for name, function, more in plain_scores:
                for how in hows:
                    case(name, function, y, p, multioutput=how, **more, **simple)
            for name, function, more in shares:
                for how in [*hows, 'variance_weighted']:
                    case(name, function, y, p, multioutput=how, **more, **simple)


def main():
    labels_cases()
    scores_cases()
    regression_cases()
    path = Path(__file__).with_name('metrics.json')
    lines = ',\n'.join(json.dumps(own, separators=(',', ':')) for own in cases)
    path.write_text(f'{{"arrays":[\n{",".join(arrays)}\n],"cases":[\n{lines}\n]}}\n')
    print(len(cases), 'cases,', sum('error' in own for own in cases), 'errors')


if __name__ == '__main__':
    main()
