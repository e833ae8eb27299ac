// Made-up results and figure numbers of any shape: two interleaved arcs or blobs, smooth curves, no training.
import {
  type Boundary,
  type FigureData,
  type Results,
  type SweepPoint,
  summarize,
  type TrialResult,
  type VariantSpec,
} from '../../src/experiment/index.ts';

interface FixtureOptions {
  name?: string;
  variants?: VariantSpec[];
  seeds?: number[];
  classes?: number;
  epochs?: number;
  points?: number;
  columns?: number;
  rows?: number;
}

const DEFAULT_VARIANTS: VariantSpec[] = [
  { label: 'Baseline' },
  { label: 'L1', network: { l1: 0.001 } },
  { label: 'Early Stopping', training: { earlyStopping: { patience: 3 } } },
];

export function fixture({
  name = 'fixture',
  variants = DEFAULT_VARIANTS,
  seeds = [42],
  classes = 2,
  epochs = 12,
  points = 90,
  columns = 12,
  rows = 9,
}: FixtureOptions = {}): { results: Results; data: FigureData } {
  const random = lehmer();
  const trials = variants.flatMap(({ label, training }, v) =>
    seeds.map((seed) => {
      const trained = training?.earlyStopping ? Math.ceil(epochs / 2) : epochs;
      const curve = (from: number, to: number) =>
        Array.from({ length: trained }, (_, e) => to + (from - to) / (e + 1) + 0.01 * random());
      const accuracy = 0.8 + 0.02 * v + 0.01 * random();
      return {
        variant: label,
        seed,
        history: {
          trainLoss: curve(0.9 + v, 0.1),
          trainAccuracy: curve(0.6, 0.95),
          valLoss: curve(0.8 + v, 0.4),
          valAccuracy: curve(0.6, 0.85),
        },
        epochs: trained,
        bestEpoch: Math.max(1, trained - 3),
        train: { loss: 0.1, accuracy: 0.95 },
        test: { loss: 0.4, accuracy },
      };
    }),
  );
  const summary = variants.map(({ label }) => {
    const values = trials.filter(({ variant }) => variant === label).map(({ test }) => test.accuracy);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const several = values.length > 1;
    const ci95: [number, number] = [mean - 0.01, mean + 0.01];
    return {
      variant: label,
      testAccuracy: { mean, sd: several ? 0.01 : null, ci95: several ? ci95 : null, n: values.length },
    };
  });
  const results: Results = {
    version: 1,
    name,
    engine: { backend: 'wasm', numerics: 'reproducible', simd: 'simd128', version: '0.1.0' },
    spec: {
      name,
      dataset: { generator: 'makeMoons', parameters: { nSamples: points, noise: 0.3, randomState: 42 } },
      split: { testSize: 0.2, validationSize: 0.2, randomState: 42 },
      scaling: 'standard',
      network: { hiddenUnits: [8, 4] },
      training: { epochs, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.001 } },
      variants,
      seeds,
    },
    trials,
    summary,
    best: summary.reduce((a, b) => (b.testAccuracy.mean > a.testAccuracy.mean ? b : a)).variant,
  };
  const label = Array.from({ length: points }, (_, i) => i % classes);
  const data: FigureData = {
    scatter: {
      x: label.map((k) => 2 * k - classes + 2 * random()),
      y: label.map((k) => (k % 2) + 2 * random() - 1),
      label,
      part: label.map((_, i) => (['train', 'train', 'train', 'validation', 'test'] as const)[i % 5]),
    },
    featureNames: ['Feature 1', 'Feature 2'],
    variants: variants.map(({ label: variant }, v) => ({
      variant,
      seed: seeds[0],
      boundary: boundary(classes, columns, rows, v),
      firstLayerWeights: Array.from({ length: 64 }, (_, i) => (v === 1 && i % 2 ? 0 : random() + random() - 1)),
    })),
  };
  return { results, data };
}

interface CurrentOptions extends FixtureOptions {
  points?: number;
  sweep?: SweepPoint[];
  folds?: number;
}

/** As {@link fixture}, with all that trials and results have had since Regulus 0.2: at every point, on every fold. */
export function currentFixture({ sweep, folds, ...options }: CurrentOptions = {}): ReturnType<typeof fixture> {
  const { results, data } = fixture(options);
  const places = (sweep ?? [undefined]).flatMap((point) =>
    Array.from({ length: folds ?? 1 }, (_, index) => ({
      ...(point && { point }),
      ...(folds && { fold: { index, of: folds } }),
    })),
  );
  const random = lehmer();
  const trials = results.spec.variants.flatMap(({ label }) =>
    places.flatMap((place, i) =>
      results.trials.flatMap((trial): TrialResult[] => {
        if (trial.variant !== label) return [];
        const accuracy = trial.test.accuracy - 0.01 * i + 0.02 * random();
        return [
          {
            ...trial,
            ...place,
            test: { ...trial.test, accuracy },
            validation: { loss: 0.5, accuracy, dataLoss: 0.4 + 0.1 * i },
            confusion: confusion(options.classes ?? 2, accuracy),
            calibration: {
              count: [0, 0, 0, 0, 0, 4, 0, 8, 0, 28],
              confidence: [0, 0, 0, 0, 0, 0.55, 0, 0.75, 0, 0.95],
              accuracy: [0, 0, 0, 0, 0, 0.5, 0, 0.75, 0, 0.85],
            },
            sparsity: { zero: 0.25, nearZero: 0.5 },
          },
        ];
      }),
    ),
  );
  const spec: Results['spec'] = {
    ...results.spec,
    ...(folds && { split: { folds, validationSize: 0.2, randomState: 42 } }),
    ...(sweep && {
      sweep: {
        type: 'grid',
        parameters: Object.fromEntries(Object.keys(sweep[0]).map((path) => [path, sweep.map((point) => point[path])])),
      },
    }),
  };
  const variants = data.variants.map((entry) => ({ ...entry, ...places[0] }));
  return { results: summarize(spec, results.engine, trials), data: { ...data, variants } };
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
