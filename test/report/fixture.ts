// Made-up results and figure numbers of any shape: two interleaved arcs or blobs, smooth curves, no training.
import {
  type Boundary,
  type Comparison,
  type FigureData,
  isChosen,
  type MetricFacts,
  type Results,
  type Score,
  type SweepPoint,
  type TrialResult,
  type VariantSpec,
  type VariantSummary,
} from '../../src/experiment/index.ts';
import { average, estimate, holm, pairedTTest } from '../../src/statistics/index.ts';

interface FixtureOptions {
  name?: string;
  variants?: VariantSpec[];
  seeds?: number[];
  classes?: number;
  epochs?: number;
  points?: number;
  columns?: number;
  rows?: number;
  sweep?: SweepPoint[];
  folds?: number;
  /** The metric that decides. Without `'accuracy'` or `'macroF1'` the task is a regression. */
  metric?: string;
  /** Further metrics that are recorded. */
  metrics?: string[];
}

const FACTS: Record<string, MetricFacts> = {
  loss: { better: 'lower', unit: 'none' },
  dataLoss: { better: 'lower', unit: 'none' },
  accuracy: { better: 'higher', unit: 'share' },
  macroF1: { better: 'higher', unit: 'share' },
  meanAbsoluteError: { better: 'lower', unit: 'target' },
};

const DEFAULT_VARIANTS: VariantSpec[] = [
  { label: 'Baseline' },
  { label: 'L1', network: { l1: 0.001 } },
  { label: 'Early Stopping', training: { earlyStopping: { patience: 3 } } },
];

/** Results at every point of `sweep` that concerns a variant, and on every fold; and what their figures show. */
export function fixture({
  name = 'fixture',
  variants = DEFAULT_VARIANTS,
  seeds = [42],
  classes = 2,
  epochs = 12,
  points = 90,
  columns = 12,
  rows = 9,
  sweep,
  folds,
  metric = 'accuracy',
  metrics = [],
}: FixtureOptions = {}): { results: Results; data: FigureData } {
  const random = lehmer();
  const isClassified = metric === 'accuracy' || metric === 'macroF1';
  const recorded = [...new Set([...(isClassified ? ['accuracy'] : []), metric, ...metrics])];
  const foldList = Array.from({ length: folds ?? 1 }, (_, index) => (folds ? { fold: { index, of: folds } } : {}));
  const trials = variants.flatMap((variant, v) =>
    pointsOf(variant, sweep).flatMap((place, p) =>
      foldList.flatMap((fold) => seeds.map((seed) => ({ ...trial(variant, v, p), ...place, ...fold, seed }))),
    ),
  );

  function trial({ label, network, training }: VariantSpec, v: number, p: number): Omit<TrialResult, 'seed'> {
    const trained = training?.earlyStopping ? Math.ceil(epochs / 2) : epochs;
    const curve = (from: number, to: number) =>
      Array.from({ length: trained }, (_, e) => to + (from - to) / (e + 1) + 0.01 * random());
    const share = Math.min(1, 0.8 + 0.02 * v - 0.01 * p + 0.02 * random());
    const penalty = network && ('l1' in network || 'l2' in network) ? 0.5 : 0;
    const score = (accuracy: number, loss: number): Score => ({
      loss: loss + penalty,
      dataLoss: loss,
      ...Object.fromEntries(
        recorded
          .filter((key) => key !== 'dataLoss')
          .map((key) => [key, key in FACTS && FACTS[key].unit === 'share' ? accuracy : 10 * loss]),
      ),
    });
    const history: TrialResult['history'] = {
      trainLoss: curve(0.9 + v + penalty, 0.1 + penalty),
      trainDataLoss: curve(0.9 + v, 0.1),
      valLoss: curve(0.8 + v + penalty, 0.4 + penalty),
      valDataLoss: curve(0.8 + v, 0.4),
    };
    for (const key of recorded.filter((key) => key !== 'dataLoss')) {
      const series = key[0].toUpperCase() + key.slice(1);
      history[`train${series}`] = curve(0.6, 0.95);
      history[`val${series}`] = curve(0.6, 0.85);
    }
    return {
      variant: label,
      history,
      epochs: trained,
      bestEpoch: Math.max(1, trained - 3),
      train: score(0.95, 0.1),
      validation: score(share, 0.4 + 0.1 * p),
      test: score(share, isClassified ? 0.4 : 0.4 - 0.02 * v + 0.02 * p + 0.01 * random()),
      ...(isClassified && {
        confusion: confusion(classes, share),
        calibration: {
          count: [0, 0, 0, 0, 0, 4, 0, 8, 0, 28],
          confidence: [0, 0, 0, 0, 0, 0.55, 0, 0.75, 0, 0.95],
          accuracy: [0, 0, 0, 0, 0, 0.5, 0, 0.75, 0, 0.85],
        },
      }),
      sparsity: { zero: 0.25, nearZero: 0.5 },
    };
  }

  const results = summedUp({
    version: 2,
    name,
    engine: { backend: 'wasm', numerics: 'reproducible', simd: 'simd128', version: '0.1.0' },
    spec: {
      name,
      dataset: { generator: 'makeMoons', parameters: { nSamples: points, noise: 0.3, randomState: 42 } },
      split: { ...(folds ? { folds } : { testSize: 0.2 }), validationSize: 0.2, randomState: 42 },
      scaling: 'standard',
      network: { hiddenUnits: [8, 4] },
      training: { epochs, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.001 } },
      variants,
      seeds,
      ...(sweep && {
        sweep: {
          type: 'grid',
          parameters: Object.fromEntries(Object.keys(sweep[0]).map((path) => [path, sweep.map((one) => one[path])])),
        },
      }),
    },
    metric,
    metrics: Object.fromEntries(['loss', 'dataLoss', ...recorded].map((key) => [key, FACTS[key]])),
    trials,
    baseline: variants[0].label,
  });
  const label = Array.from({ length: points }, (_, i) => (isClassified ? i % classes : 10 * Math.sin(i)));
  const place = label.map((_, i) => i % classes);
  const data: FigureData = {
    scatter: {
      x: place.map((k) => 2 * k - classes + 2 * random()),
      y: place.map((k) => (k % 2) + 2 * random() - 1),
      label,
      part: label.map((_, i) => (['train', 'train', 'train', 'validation', 'test'] as const)[i % 5]),
    },
    featureNames: ['Feature 1', 'Feature 2'],
    variants: variants.flatMap(({ label: variant }, v) => {
      const { point, fold, seed } = trials.find(
        (one) => one.variant === variant && isChosen(results.sweep, variant, one.point),
      )!;
      return {
        variant,
        ...(point && { point }),
        ...(fold && { fold }),
        seed,
        ...(isClassified && { boundary: boundary(classes, columns, rows, v) }),
        firstLayerWeights: Array.from({ length: 64 }, (_, i) => (v === 1 && i % 2 ? 0 : random() + random() - 1)),
      };
    }),
  };
  return { results, data };
}

/** The points that concern a variant: without the values that it sets itself. */
function pointsOf({ network = {} }: VariantSpec, sweep: SweepPoint[] | undefined): { point?: SweepPoint }[] {
  const own = Object.keys(network).map((key) => `network.${key}`);
  const points = (sweep ?? []).map((point) => Object.entries(point).filter(([path]) => !own.includes(path)));
  const different = new Map(points.map((entries) => [JSON.stringify(entries), entries]));
  if (points.length === 0 || points[0].length === 0) return [{}];
  return [...different.values()].map((entries) => ({ point: Object.fromEntries(entries) }));
}

type Unsummed = Omit<Results, 'summary' | 'best' | 'comparisons' | 'sweep' | 'methods'>;

/** The results with all that follows from their trials. */
export function summedUp(results: Unsummed): Results {
  const { spec, trials, metric, metrics, baseline } = results;
  const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
  const sign = metrics[metric].better === 'higher' ? 1 : -1;
  const over = (own: typeof trials, value: (trial: (typeof trials)[number]) => number) => {
    const folds = [...new Set(own.map(({ fold }) => fold?.index))];
    const units =
      folds.length > 1
        ? folds.map((index) => average(own.filter(({ fold }) => fold?.index === index).map(value)))
        : own.map(value);
    return estimate(units);
  };
  const groups = new Map<string, typeof trials>();
  for (const trial of trials) {
    const key = JSON.stringify([trial.variant, trial.point]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  const summary = [...groups.values()].map((own) => {
    const [{ variant, point }] = own;
    return {
      variant,
      ...(point && { point }),
      ...Object.fromEntries(
        Object.keys(metrics).map((name) => [`test${capital(name)}`, over(own, ({ test }) => test[name])]),
      ),
      [`train${capital(metric)}`]: over(own, ({ train }) => train[metric]),
      gap: over(own, ({ train, test }) => sign * (train[metric] - test[metric])),
      valDataLoss: over(own, ({ validation }) => validation.dataLoss),
    } as VariantSummary;
  });
  const choices = spec.variants.flatMap(({ label }) => {
    const own = summary.filter(({ variant, point }) => variant === label && point);
    if (own.length === 0) return [];
    const { variant, point, valDataLoss } = own.reduce((a, b) => (b.valDataLoss.mean < a.valDataLoss.mean ? b : a));
    return [{ variant, point: point!, valDataLoss }];
  });
  const chosen = <T extends { variant: string; point?: SweepPoint }>(list: readonly T[]) =>
    list.filter(({ variant, point }) => isChosen(choices, variant, point));
  const means = chosen(summary).map((entry) => ({
    variant: entry.variant,
    mean: entry[`test${capital(metric)}` as `test${string}`].mean,
  }));
  const tested = spec.variants.slice(1).flatMap(({ label }) => {
    const of = (variant: string) => chosen(trials).filter((trial) => trial.variant === variant);
    const pairs = of(label).flatMap((own) => {
      const base = of(baseline).find(({ seed, fold }) => seed === own.seed && fold?.index === own.fold?.index);
      return base ? [[own.test[metric], base.test[metric]]] : [];
    });
    const test = pairedTTest(
      pairs.map(([own]) => own),
      pairs.map(([, base]) => base),
    );
    return pairs.length > 0 ? [{ variant: label, baseline, ...test }] : [];
  });
  const adjusted = holm(tested.flatMap(({ p }) => p ?? []));
  const comparisons = tested.map((comparison, i): Comparison => {
    const pAdjusted = comparison.p === null ? null : adjusted[i];
    const { mean } = comparison.difference;
    const isShown = pAdjusted !== null && pAdjusted < 0.05;
    const verdict = isShown ? (sign * mean > 0 ? 'better' : 'worse') : 'no difference shown';
    return { ...comparison, pAdjusted, verdict, text: `${comparison.variant} against ${baseline}: ${verdict}` };
  });
  return {
    ...results,
    summary,
    best: means.reduce((a, b) => (sign * (b.mean - a.mean) > 0 ? b : a)).variant,
    comparisons,
    ...(choices.length > 0 && { sweep: choices }),
    methods: { estimate: 'mean over seeds', comparison: 'paired t test' },
  };
}

/** 100 points of each class, the wrong ones taken for the next class. */
function confusion(classes: number, accuracy: number): number[][] {
  const right = Math.round(accuracy * 100);
  return Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes }, (_, j) => (i === j ? right : j === (i + 1) % classes ? 100 - right : 0)),
  );
}

/** Probabilities that fall from class to class along the first feature; `bend` makes panels differ. */
function boundary(classes: number, columns: number, rows: number, bend: number): Boundary {
  const probabilities = Array.from({ length: rows * columns }, (_, cell) => {
    const column = cell % columns;
    const at = column / (columns - 1) + (bend * Math.abs((cell - column) / columns - rows / 2)) / (4 * rows);
    if (classes === 2) return [Math.min(1, at)];
    const scores = Array.from({ length: classes }, (_, k) => 1 / (0.01 + Math.abs(at - k / (classes - 1))));
    const sum = scores.reduce((a, b) => a + b);
    return scores.map((score) => score / sum);
  }).flat();
  return { xMin: -3, xMax: 3, yMin: -2, yMax: 2, columns, rows, classes, probabilities };
}

/** Lehmer's generator (Park & Miller 1988), uniform on (0, 1). */
function lehmer(): () => number {
  let state = 42;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
