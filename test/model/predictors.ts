// Predictors with every transformer, for the tests of exports. Their networks are random.
import type { Engine } from '../../src/backend/index.ts';
import { type AnyPredictor, ensemble } from '../../src/model/index.ts';
import { dense, meanSquaredError, softmaxCrossEntropy, tanh } from '../../src/nn/index.ts';
import { RandomState } from '../../src/random/index.ts';
import {
  AsinhScaler,
  ColumnTransformer,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  Pipeline,
  PowerTransformer,
  parseTable,
  predictorFromJson,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  SmoothClipScaler,
  StandardScaler,
  type Transformer,
  tableTransformer,
} from '../../src/tables/index.ts';
import { randomModel } from './models.ts';

const random = new RandomState(3);
const oneOf = <T>(values: readonly T[]) => values[Math.floor(random.uniform(0, values.length))];

/** Rows with holes; some of the categories are rare. */
const trainingRows = Array.from({ length: 80 }, (_, i) => ({
  'size in m²': i % 9 === 4 ? null : random.uniform(1000, 1100),
  income: Math.round(Math.exp(random.uniform(-2, 6))) + 1,
  balance: i % 7 === 2 ? 'NA' : random.uniform(-50, 20),
  rooms: oneOf([1, 2, 3, 3, 3]),
  label: i % 11 === 3 ? '?' : oneOf(['Oslo', 'Rome', 'Rome', 'Ulm']),
  colour: i === 5 ? 'rare “é”' : oneOf(['red', 'green', 'blue']),
  sold: i % 5 === 1 ? '' : oneOf([true, false]),
  day: i % 13 === 6 ? null : `2024-0${oneOf([1, 2, 3])}-1${oneOf([1, 5, 9])}`,
}));
const table = parseTable(trainingRows, { columns: { label: 'category' } });

/** Rows for predictions: with holes, values outside those of the training, and categories that no one has seen. */
export const newRows: readonly Record<string, unknown>[] = [
  ...trainingRows.slice(0, 20),
  {
    'size in m²': '',
    income: 1e6,
    balance: -1000,
    rooms: 7,
    label: 'Paris',
    colour: 'pink',
    sold: 'true',
    day: '2030-12-31',
  },
  {
    'size in m²': '1050.5',
    income: 1,
    balance: 'nan',
    rooms: '2',
    label: '',
    colour: 'rare “é”',
    sold: false,
    day: 'NA',
  },
  {
    'size in m²': -5e3,
    income: 2.5,
    balance: 0,
    rooms: null,
    label: 'N/A',
    colour: null,
    sold: null,
    day: '2024-01-11',
  },
];

/** Of the rows, those without values that an encoder refuses. */
export const knownRows = trainingRows.slice(0, 20);

const numbers = ['size in m²', 'income', 'balance', 'day'];
const texts = ['label', 'colour'];
const filled = (step: Transformer) =>
  new Pipeline({
    steps: [
      ['step', step],
      ['fill', new SimpleImputer()],
    ],
  });
const on = (columns: readonly string[], transformer: Transformer) =>
  new ColumnTransformer({ transformers: [['own', transformer, columns]] });

/** Each with the rows that it can transform. */
export const preprocessings: Record<string, [Transformer, rows?: readonly Record<string, unknown>[]]> = {
  'the default': [tableTransformer()],
  'that of fitTable': [tableTransformer(new AsinhScaler())],
  StandardScaler: [on(numbers, filled(new StandardScaler()))],
  'StandardScaler without mean': [on(numbers, filled(new StandardScaler({ withMean: false })))],
  MinMaxScaler: [on(numbers, filled(new MinMaxScaler({ featureRange: [-1, 2] })))],
  'MinMaxScaler, clipped': [on(numbers, filled(new MinMaxScaler({ clip: true })))],
  RobustScaler: [on(numbers, filled(new RobustScaler({ withCentering: false })))],
  SmoothClipScaler: [on(numbers, filled(new SmoothClipScaler({ limit: 2 })))],
  AsinhScaler: [on(numbers, filled(new AsinhScaler({ linearWidth: 0.5 })))],
  PowerTransformer: [on(['income', 'balance'], filled(new PowerTransformer()))],
  'PowerTransformer, box-cox': [on(['income'], new PowerTransformer({ method: 'box-cox', standardize: false }))],
  QuantileTransformer: [on(numbers, filled(new QuantileTransformer({ nQuantiles: 13 })))],
  'QuantileTransformer, normal': [
    on([...numbers, 'rooms'], filled(new QuantileTransformer({ nQuantiles: 50, outputDistribution: 'normal' }))),
  ],
  'SimpleImputer of all columns': [
    new Pipeline({
      steps: [
        ['fill', new SimpleImputer({ strategy: 'most_frequent', addIndicator: true })],
        [
          'encode',
          new ColumnTransformer({
            transformers: [['texts', new OneHotEncoder({ handleUnknown: 'ignore' }), texts]],
            remainder: 'passthrough',
          }),
        ],
      ],
    }),
  ],
  'SimpleImputer of a value': [
    on(
      ['rooms', 'income'],
      new Pipeline({
        steps: [
          ['three', new SimpleImputer({ missingValues: 3, strategy: 'constant', fillValue: -1, addIndicator: true })],
          ['fill', new SimpleImputer({ strategy: 'median' })],
        ],
      }),
    ),
  ],
  'SimpleImputer of a text': [
    on(
      texts,
      new Pipeline({
        steps: [
          [
            'red',
            new SimpleImputer({ missingValues: 'red', strategy: 'constant', fillValue: 'blue', addIndicator: true }),
          ],
          ['encode', new OneHotEncoder({ handleUnknown: 'ignore' })],
        ],
      }),
    ),
  ],
  OneHotEncoder: [on(texts, new OneHotEncoder({ handleUnknown: 'ignore', drop: 'first' }))],
  'OneHotEncoder with infrequent categories': [
    on(texts, new OneHotEncoder({ handleUnknown: 'infrequent_if_exist', minFrequency: 3, maxCategories: 3 })),
  ],
  'OneHotEncoder of numbers': [
    on(['rooms', 'sold', 'label'], new OneHotEncoder({ handleUnknown: 'ignore', drop: 'if_binary' })),
  ],
  'OneHotEncoder that refuses': [on([...texts, 'sold'], new OneHotEncoder()), knownRows],
  OrdinalEncoder: [
    on(
      [...texts, 'rooms', 'sold'],
      new OrdinalEncoder({ handleUnknown: 'use_encoded_value', unknownValue: -1, encodedMissingValue: -2 }),
    ),
  ],
  'OrdinalEncoder that refuses': [on(texts, new OrdinalEncoder({ encodedMissingValue: 5 })), knownRows],
};

/** A predictor of classes or of numbers. */
export function predictorWith(preprocessing: Transformer, isOfNumbers = false, engine?: Engine): AnyPredictor {
  const inputSize = preprocessing.fit(table).getFeatureNamesOut().length;
  const loss = isOfNumbers ? meanSquaredError() : softmaxCrossEntropy();
  const models = [1, 2].map((seed) =>
    randomModel([dense(5), tanh(), dense(isOfNumbers ? 1 : 3)], { inputSize, seed, loss, engine }),
  );
  const json = {
    task: isOfNumbers ? 'regression' : 'classification',
    target: { name: 'price', type: isOfNumbers ? 'number' : 'category' },
    ...(isOfNumbers ? { range: [-2, 2] } : { classes: ['low', 'high', 'label'] }),
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    missingValues: ['', 'NA', 'N/A', 'nan', '?'],
    preprocessing: preprocessing.toJSON(),
  };
  return predictorFromJson(json, ensemble(models));
}
