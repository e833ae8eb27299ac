// StandardScaler and MinMaxScaler against scikit-learn's values, their properties, their argument checks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, MinMaxScaler, type MinMaxScalerOptions, StandardScaler } from '../../src/data/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';
import golden from '../golden/sklearn/scalers.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

const matrix = (data: readonly number[], columns: number): Matrix => ({
  data: Float64Array.from(data),
  shape: [data.length / columns, columns],
});

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 20 }))
  .chain(([columns, rows]) =>
    fc
      .array(fc.integer({ min: -1000, max: 1000 }), { minLength: rows * columns, maxLength: rows * columns })
      .map((data) => matrix(data, columns)),
  );

const column = ({ data, shape: [, columns] }: Matrix, j: number) =>
  Array.from(data).filter((_, i) => i % columns === j);

const scalers = {
  StandardScaler: () => new StandardScaler(),
  MinMaxScaler: (options?: MinMaxScalerOptions) => new MinMaxScaler(options),
};
const names = Object.keys(scalers) as (keyof typeof scalers)[];

describe.each(names)("scikit-learn's values: %s", (name) => {
  it.each(golden[name].map((entry) => [`${entry.shape.join(' × ')} ${JSON.stringify(entry.options)}`, entry] as const))(
    '%s',
    (_, { options, shape, x, train, back, other, otherScaled, offset, scale }) => {
      const scaler = scalers[name](options as MinMaxScalerOptions);
      const scaled = scaler.fitTransform(matrix(x, shape[1]));
      const exact = { rtol: 1e-12 };
      expectClose(scaler instanceof StandardScaler ? scaler.mean : scaler.min, offset, exact);
      expectClose(scaler.scale, scale, exact);
      expectClose(scaled.data, train, exact);
      expectClose(scaler.inverseTransform(scaled).data, back, exact);
      expectClose(scaler.transform(matrix(other, shape[1])).data, otherScaled, exact);
    },
  );
});

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

  it('leaves float64 and float32 data as they are typed, and does not touch its input', () => {
    const x: Matrix = { data: Float32Array.of(1, 2, 4), shape: [3, 1] };
    const scaler = new StandardScaler();
    expect(scaler.fitTransform(x).data).toBeInstanceOf(Float32Array);
    expect(scaler.mean).toBeInstanceOf(Float64Array);
    expect(Array.from(x.data)).toEqual([1, 2, 4]);
  });
});

describe('MinMaxScaler', () => {
  it('spans the range that was asked for', () => {
    fc.assert(
      fc.property(matrices, (x) => {
        const scaler = new MinMaxScaler({ featureRange: [-2, 3] });
        const scaled = scaler.fitTransform(x);
        for (let j = 0; j < x.shape[1]; j++) {
          const isConstant = scaler.dataMin[j] === scaler.dataMax[j];
          const values = column(scaled, j);
          expectClose([Math.min(...values), Math.max(...values)], [-2, isConstant ? -2 : 3], { atol: 1e-9 });
        }
      }),
    );
  });

  it('clips new data only when asked to', () => {
    const train = matrix([0, 10], 1);
    const fresh = matrix([-5, 20], 1);
    expect(Array.from(new MinMaxScaler({ clip: true }).fit(train).transform(fresh).data)).toEqual([0, 1]);
    expect(Array.from(new MinMaxScaler().fit(train).transform(fresh).data)).toEqual([-0.5, 2]);
  });
});

describe.each(names)('%s', (name) => {
  it('inverseTransform undoes transform', () => {
    fc.assert(
      fc.property(matrices, (x) => {
        const scaler = scalers[name]();
        expectClose(scaler.inverseTransform(scaler.fitTransform(x)).data, x.data, { atol: 1e-9 });
      }),
    );
  });

  it('fit forgets earlier data', () => {
    const scaler = scalers[name]().fit(matrix([1, 2, 3, 5], 2));
    expect(scaler.fit(matrix([1, 2, 4], 1)).scale).toEqual(scalers[name]().fit(matrix([1, 2, 4], 1)).scale);
  });

  it('needs fit first', () => {
    for (const use of ['transform', 'inverseTransform'] as const) {
      expect(() => scalers[name]()[use](matrix([1], 1))).toThrow(ParameterError);
      expect(() => scalers[name]()[use](matrix([1], 1))).toThrow(`${name}.${use} needs a fitted scaler. Call fit`);
    }
    expect(() => scalers[name]().scale).toThrow('needs a fitted scaler');
  });

  it('checks the number of features', () => {
    const scaler = scalers[name]().fit(matrix([1, 2, 3, 4], 2));
    expect(() => scaler.transform(matrix([1, 2, 3], 3))).toThrow('Give every sample 2 features.');
    expect(() => scaler.inverseTransform(matrix([1], 1))).toThrow(ParameterError);
  });

  it('reports NaN and Infinity with their place, and refuses no rows', () => {
    const scaler = scalers[name]();
    expect(() => scaler.fit(matrix([1, 2, 3, Number.NaN], 2))).toThrow(NumericError);
    expect(() => scaler.fit(matrix([1, 2, Number.NEGATIVE_INFINITY, 4], 2))).toThrow('-Infinity at row 1, column 0');
    expect(() => scaler.fit(matrix([], 2))).toThrow('at least one row long');
    expect(scaler.fit(matrix([1, 2], 2)).transform(matrix([], 2)).shape).toEqual([0, 2]);
  });
});

describe('MinMaxScaler options', () => {
  it.each<[object, string]>([
    [{ featureRange: [1, 1] }, "'featureRange[1]' parameter of MinMaxScaler"],
    [{ featureRange: 3 }, 'a pair [min, max]'],
    [{ clip: 1 }, "'clip' parameter of MinMaxScaler"],
    [{ range: [0, 1] }, "Unknown option 'range' of MinMaxScaler"],
  ])('refuses %o', (options, message) => {
    expect(() => new MinMaxScaler(options)).toThrow(ParameterError);
    expect(() => new MinMaxScaler(options)).toThrow(message);
  });
});
