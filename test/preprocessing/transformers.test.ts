// One test for every transformer: scikit-learn's values, round trips, what is refused. Then what is special to each.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/data/index.ts';
import { list, NumericError, number, ParameterError, text, vector } from '../../src/errors/index.ts';
import {
  type AnyTransformer,
  defineTransformer,
  MinMaxScaler,
  StandardScaler,
  type Transformer,
  transformers,
} from '../../src/preprocessing/index.ts';
import golden from '../golden/sklearn/scalers.json' with { type: 'json' };
import sklearn from '../golden/sklearn/transformers.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

type Numbers = Transformer<Matrix, Matrix>;
type Scaler = Pick<AnyTransformer, 'kind' | 'definition'> & {
  new (options?: object): Numbers;
  fromJSON(json: unknown): Numbers;
};

interface Case {
  transformer: Scaler;
  /** Options to try, the defaults among them. */
  samples: object[];
  /** Values that each option refuses, with a part of the message. */
  refused: Record<string, [value: unknown, message: string][]>;
  /** The names of what the golden values call offset and scale. */
  golden: { offset: string; scale: string };
}

const cases: Record<keyof typeof golden, Case> = {
  StandardScaler: {
    transformer: StandardScaler,
    samples: [{}, { withMean: false }, { withStd: false }],
    refused: { withMean: [[1, 'true or false']], withStd: [['no', 'true or false']] },
    golden: { offset: 'mean', scale: 'scale' },
  },
  MinMaxScaler: {
    transformer: MinMaxScaler,
    samples: [
      {},
      { featureRange: [-2, 3] },
      { featureRange: Float64Array.of(1, 1.5) },
      { featureRange: [-0, 1], clip: true },
      { featureRange: [-1, -0], clip: true },
    ],
    refused: {
      featureRange: [
        [[1, 1], '[min, max] with min below max. Got [1, 1] instead.'],
        [[2, -1], '[min, max] with min below max'],
        [3, 'a list of 2'],
        [[0, Number.NaN], "'featureRange[1]' parameter of MinMaxScaler"],
      ],
      clip: [[1, 'true or false']],
    },
    golden: { offset: 'min', scale: 'scale' },
  },
};

it('the list has every transformer that is tested here, and each is described', () => {
  const tested = [
    ...Object.keys(cases),
    ...Object.keys(sklearn.numeric),
    'SimpleImputer',
    'SmoothClipScaler',
    'AsinhScaler',
    ...Object.keys(sklearn.encoders),
  ];
  expect(transformers.map(({ name }) => name).sort()).toEqual([...new Set(tested)].sort());
  for (const { definition, kind, name } of transformers) {
    expect([definition.type, kind]).toEqual([name, 'transformer']);
    expect(definition.describe).toBeTruthy();
    for (const rule of [...Object.values(definition.options), ...Object.values(definition.state)]) {
      expect(rule.describe).toBeTruthy();
    }
  }
});

const matrix = (data: readonly number[], columns: number): Matrix => ({
  data: Float64Array.from(data),
  shape: [data.length / columns, columns],
});

const matricesOf = (values: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 20 }))
    .chain(([columns, rows]) =>
      fc.array(values, { minLength: rows * columns, maxLength: rows * columns }).map((data) => matrix(data, columns)),
    );
const matrices = matricesOf(fc.integer({ min: -1000, max: 1000 }));
const anyMatrices = matricesOf(fc.double({ noNaN: true, min: -1e150, max: 1e150 }));

/** Equal in every bit, which `toEqual` is not for -0. */
const bits = ({ data, shape }: Matrix) => [new Uint8Array(data.buffer.slice(0)), shape];

describe.each(Object.entries(cases))('%s', (type, { transformer: Made, samples, refused, golden: names }) => {
  const attribute = (made: object, name: string) => (made as Record<string, Float64Array>)[name];

  it.each(
    golden[type as keyof typeof golden].map((entry) => [JSON.stringify([entry.shape, entry.options]), entry] as const),
  )("has scikit-learn's values: %s", (_, { options, shape, x, train, back, other, otherScaled, offset, scale }) => {
    const made = new Made(options);
    const scaled = made.fitTransform(matrix(x, shape[1]));
    const exact = { rtol: 1e-12 };
    expectClose(attribute(made, names.offset), offset, exact);
    expectClose(attribute(made, names.scale), scale, exact);
    expectClose(scaled.data, train, exact);
    expectClose(made.inverseTransform(scaled).data, back, exact);
    expectClose(made.transform(matrix(other, shape[1])).data, otherScaled, exact);
  });

  it.each(samples)('%j: inverseTransform undoes transform', (options) => {
    fc.assert(
      fc.property(matrices, (x) => {
        const made = new Made(options);
        expectClose(made.inverseTransform(made.fitTransform(x)).data, x.data, { atol: 1e-9 });
      }),
    );
  });

  it.each(samples)('%j: made again from JSON, it gives the same bits', (options) => {
    fc.assert(
      fc.property(anyMatrices, (x) => {
        const made = new Made(options).fit(x);
        const json = JSON.parse(JSON.stringify(made));
        const again = Made.fromJSON(json);
        expect(again).toBeInstanceOf(Made);
        expect(json).toEqual(made.toJSON());
        expect(again.toJSON()).toEqual(json);
        expect(Object.keys(json)).toEqual(['type', 'options', 'state']);
        for (const name of Object.keys(Made.definition.state)) {
          expect(Object.is(attribute(again, name), attribute(made, name))).toBe(false);
          expect(Array.from(attribute(again, name), (value) => Object.is(value, -0))).not.toContain(true);
          expect(attribute(again, name)).toStrictEqual(attribute(made, name));
        }
        expect(bits(again.transform(x))).toEqual(bits(made.transform(x)));
        expect(bits(again.inverseTransform(x))).toEqual(bits(made.inverseTransform(x)));
        const beyond = { data: x.data.map((value) => 2 * value), shape: x.shape };
        expect(bits(again.transform(beyond))).toEqual(bits(made.transform(beyond)));
      }),
    );
  });

  it('is kept as JSON before it is fitted, too', () => {
    const json = new Made().toJSON();
    expect(json.state).toBeNull();
    expect(Made.fromJSON(JSON.parse(JSON.stringify(json))).toJSON()).toEqual(json);
  });

  it('takes JSON of its own type and shape only', () => {
    const json = new Made().fit(matrix([1, 2, 3, 5], 2)).toJSON();
    const [name, other] = Object.keys(json.state!);
    const wrong: [unknown, string][] = [
      [null, `'json' parameter of ${type}.fromJSON must be an object { type, options, state }. Got null`],
      [{ ...json, type: 'other' }, `'type' parameter of ${type}.fromJSON must be '${type}'. Got "other" instead.`],
      [{ ...json, version: 1 }, `Unknown option 'version' of ${type}.fromJSON`],
      [{ ...json, options: { klip: true } }, `Unknown option 'klip' of ${type}`],
      [{ ...json, state: undefined }, `'state' parameter of ${type}.fromJSON must be an object or null`],
      [{ ...json, state: {} }, `'${name}' parameter of ${type}.fromJSON must be a list of numbers`],
      [{ ...json, state: { ...json.state, [name]: [1, null] } }, `'${name}[1]' parameter of ${type}.fromJSON`],
      [{ ...json, state: { ...json.state, [name]: [1] } }, 'lists of one length, with an entry for each column'],
      [{ ...json, state: { ...json.state, [name]: [], [other]: [] } }, 'lists of one length'],
    ];
    for (const [value, message] of wrong) {
      expect(() => Made.fromJSON(value)).toThrow(ParameterError);
      expect(() => Made.fromJSON(value)).toThrow(message);
    }
  });

  it('leaves float64 and float32 data as they are typed, and does not touch its input', () => {
    const x: Matrix = { data: Float32Array.of(1, 2, 4), shape: [3, 1] };
    const made = new Made();
    expect(made.fitTransform(x).data).toBeInstanceOf(Float32Array);
    expect(made.inverseTransform(matrix([1], 1)).data).toBeInstanceOf(Float64Array);
    expect(attribute(made, 'scale')).toBeInstanceOf(Float64Array);
    expect(Array.from(x.data)).toEqual([1, 2, 4]);
  });

  it('takes data from another realm', () => {
    const foreign: Matrix = runInNewContext('({ data: Float64Array.of(1, 2, 4), shape: [3, 1] })');
    const made = new Made().fit(matrix([1, 2, 4], 1));
    expect(Array.from(new Made().fitTransform(foreign).data)).toEqual(
      Array.from(made.transform(matrix([1, 2, 4], 1)).data),
    );
  });

  it('forgets earlier data when it is fitted again', () => {
    const made = new Made().fit(matrix([1, 2, 3, 5], 2));
    expect(made.fit(matrix([1, 2, 4], 1)).toJSON()).toEqual(new Made().fit(matrix([1, 2, 4], 1)).toJSON());
  });

  it('needs fit first', () => {
    for (const use of ['transform', 'inverseTransform'] as const) {
      expect(() => new Made()[use](matrix([1], 1))).toThrow(ParameterError);
      expect(() => new Made()[use](matrix([1], 1))).toThrow(
        `${type}.${use} needs a fitted ${type}. Call fit or fitTransform first.`,
      );
    }
    for (const name of Object.keys(Made.definition.state)) {
      expect(() => attribute(new Made(), name)).toThrow(`${type}.${name} needs a fitted ${type}`);
    }
  });

  it('checks the number of features', () => {
    const made = new Made().fit(matrix([1, 2, 3, 4], 2));
    for (const fitted of [made, Made.fromJSON(made.toJSON())]) {
      expect(() => fitted.transform(matrix([1, 2, 3], 3))).toThrow('Give every sample 2 features.');
      expect(() => fitted.inverseTransform(matrix([1], 1))).toThrow(ParameterError);
    }
  });

  it('leaves NaN out and in its place', () => {
    const made = new Made();
    const scaled = made.fitTransform(matrix([1, 5, Number.NaN, 7, 3, 6], 2));
    expect(scaled.data[2]).toBeNaN();
    expect(column(scaled, 0).filter((value) => !Number.isNaN(value))).toEqual(
      Array.from(new Made().fitTransform(matrix([1, 3], 1)).data),
    );
    expect(() => made.fit(matrix([1, Number.NaN, 2, Number.NaN], 2))).toThrow('column 1 has none');
  });

  it('reports Infinity with its place, and refuses to learn from no rows', () => {
    const made = new Made();
    expect(() => made.fit(matrix([1, 2, 3, Number.POSITIVE_INFINITY], 2))).toThrow(NumericError);
    expect(() => made.fit(matrix([1, 2, Number.NEGATIVE_INFINITY, 4], 2))).toThrow('-Infinity at row 1, column 0');
    expect(() => made.fit(matrix([], 2))).toThrow('at least one row long');
    expect(made.fit(matrix([1, 2], 2)).transform(matrix([], 2)).shape).toEqual([0, 2]);
    expect(() => made.transform(matrix([1, Number.NEGATIVE_INFINITY], 2))).toThrow(NumericError);
  });

  it('reports values whose statistics are beyond the largest number', () => {
    const huge = matrix([1, 1.7e308, 2, -1.7e308, 3, -1.7e308], 2);
    expect(() => new Made().fit(huge)).toThrow(NumericError);
    expect(() => new Made().fit(huge)).toThrow(
      new RegExp(
        `^The '\\w+' that ${type}\\.fit finds must hold .* at element 1 instead\\. Scale these columns down first\\.$`,
      ),
    );
  });

  it('refuses bad values of every option', () => {
    expect(Object.keys(refused).sort()).toEqual(Object.keys(Made.definition.options).sort());
    for (const [option, values] of Object.entries(refused)) {
      for (const [value, message] of values) {
        expect(() => new Made({ [option]: value })).toThrow(ParameterError);
        expect(() => new Made({ [option]: value })).toThrow(message);
      }
    }
    expect(() => new Made({ klip: 1 } as object)).toThrow(`Unknown option 'klip' of ${type}`);
  });
});

const column = ({ data, shape: [, columns] }: Matrix, j: number) =>
  Array.from(data).filter((_, i) => i % columns === j);

describe('StandardScaler', () => {
  it('gives mean 0 and variance 1, and 0 for a constant feature', () => {
    fc.assert(
      fc.property(matrices, (x) => {
        const scaled = new StandardScaler().fitTransform(x);
        for (let j = 0; j < x.shape[1]; j++) {
          const values = column(scaled, j);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
          const isConstant = new Set(column(x, j)).size === 1;
          expectClose([mean, variance], [0, isConstant ? 0 : 1], { atol: 1e-9 });
        }
      }),
    );
  });
});

it('rows hold numbers, texts, booleans and null', () => {
  const rows = [
    [1, 'a'],
    [2, { b: 1 }],
  ];
  expect(() => new StandardScaler().fit(rows as never)).toThrow(
    "The 'column x1' parameter of StandardScaler.fit must be made of numbers, texts, booleans and null. Got { b } instead.",
  );
});

describe('MinMaxScaler', () => {
  it('spans the range that was asked for', () => {
    fc.assert(
      fc.property(matrices, (x) => {
        const scaler = new MinMaxScaler({ featureRange: [-2, 3] });
        const scaled = scaler.fitTransform(x);
        for (let j = 0; j < x.shape[1]; j++) {
          const isConstant = scaler.dataRange[j] === 0;
          const values = column(scaled, j);
          expectClose([Math.min(...values), Math.max(...values)], [-2, isConstant ? -2 : 3], { atol: 1e-9 });
        }
      }),
    );
  });

  it('clips new data only when asked to, made from JSON too', () => {
    const train = matrix([0, 10], 1);
    const fresh = matrix([-5, 20], 1);
    const clipping = new MinMaxScaler({ clip: true }).fit(train);
    for (const scaler of [clipping, MinMaxScaler.fromJSON(clipping.toJSON())]) {
      expect(Array.from(scaler.transform(fresh).data)).toEqual([0, 1]);
    }
    expect(Array.from(new MinMaxScaler().fit(train).transform(fresh).data)).toEqual([-0.5, 2]);
  });

  it('as JSON has its options with their defaults, and what scikit-learn learns', () => {
    expect(new MinMaxScaler().fit(matrix([0, 4, 2], 1)).toJSON()).toEqual({
      type: 'MinMaxScaler',
      options: { featureRange: [0, 1], clip: false },
      state: { dataMin: [0], dataMax: [4], dataRange: [4], scale: [0.25], min: [0] },
    });
  });
});

describe('a user-defined transformer', () => {
  const definition = {
    type: 'Named',
    options: { names: list(text()), step: number('(0, inf)', { default: 1 }) },
    state: { columns: list(text()), largest: vector('(-inf, inf)', { optional: true }) },
    fit: (x: Matrix, { names }: { readonly names: readonly string[] }) => ({
      columns: names.slice(0, x.shape[1]),
      largest: undefined,
    }),
    transform: (x: Matrix) => x,
  };
  const Named = defineTransformer(definition);

  it('may learn texts, lack an inverse and have options that are required', () => {
    const named = new Named({ names: ['a', 'b', 'c'] }).fit(matrix([1, 2], 2));
    expect(named.columns).toEqual(['a', 'b']);
    expect(JSON.parse(JSON.stringify(named))).toEqual({
      type: 'Named',
      options: { step: 1, names: ['a', 'b', 'c'] },
      state: { columns: ['a', 'b'] },
    });
    expect(() => named.inverseTransform(matrix([1, 2], 2))).toThrow('Named cannot be undone');
    // @ts-expect-error: an option without a default has to be given
    expect(() => new Named()).toThrow("'names' parameter of Named");
    expect(() => new Named({ names: [] }).fit(matrix([1], 1))).toThrow(
      "'state' parameter of Named.fit must be lists of one length, with an entry for each column",
    );
  });

  it('cannot take a name that is none, nor the names of methods', () => {
    expect(() => defineTransformer({ ...definition, type: 'a b' })).toThrow("'type' parameter of define transformer");
    expect(() =>
      defineTransformer({ ...definition, state: { ...definition.state, fit: list(text()) } } as never),
    ).toThrow('The \'state\' parameter of define Named must be names that no method has. Got "fit" instead.');
  });
});
