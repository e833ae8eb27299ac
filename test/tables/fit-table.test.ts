// From raw rows to predictions of the target's own values; nothing of the validation rows reaches what is fitted.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineTransformer, dense, dropout, ParameterError, relu, type Sequential, vector } from '../../src/index.ts';
import type { Ensemble } from '../../src/model/index.ts';
import {
  batchEnsemble,
  type FitTableOptions,
  type FittedTable,
  fitTable,
  parseTable,
  pooledTemperature,
  predictorFromJson,
  type Row,
  type Table,
} from '../../src/tables/index.ts';
import { expectClose } from '../reference/close.ts';

const file = (name: string) => readFileSync(new URL(`./${name}.csv`, import.meta.url), 'utf8');
const quick: Partial<FitTableOptions> = { effort: 'quick', network: { hiddenUnits: [16] }, training: { epochs: 15 } };

/** The weights of a predictor of one network. */
const weightsOf = ({ model }: FittedTable) => (model as Sequential).getWeights();

/** The rows of a table as objects. */
const rowsOf = ({ columns, shape }: Table): Record<string, unknown>[] =>
  Array.from({ length: shape[0] }, (_, i) => Object.fromEntries(columns.map(({ name, values }) => [name, values[i]])));

const penguins = parseTable(file('penguins'));
const concrete = parseTable(file('concrete'));

describe('fitTable', () => {
  it('predicts class names from raw rows with holes and unseen categories', async () => {
    const network = { hiddenUnits: [32] };
    const predictor = await fitTable(file('penguins'), { target: 'species', network, training: { epochs: 30 } });
    expect(predictor.task).toBe('classification');
    expect(predictor.classNames).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(predictor.evaluate(penguins).accuracy).toBeGreaterThan(0.97);
    const rows = [
      {
        bill_length_mm: null,
        bill_depth_mm: '18',
        flipper_length_mm: 'NA',
        body_mass_g: 3700,
        sex: 'unknown',
        island: 'Mars',
      },
      {
        island: 'Biscoe',
        bill_length_mm: 50,
        bill_depth_mm: 15,
        flipper_length_mm: 220,
        body_mass_g: 5400,
        sex: 'male',
        extra: 1,
      },
    ];
    expect(predictor.predict(rows)[1]).toBe('Gentoo');
    const probabilities = predictor.predictProbabilities(rows);
    expect(Object.getPrototypeOf(probabilities[0])).toBeNull();
    expectClose(
      probabilities.map((row) => Object.values(row).reduce((a, b) => a + b)),
      [1, 1],
      { atol: 1e-6 },
    );
    const csv = 'island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\nBiscoe,50,15,220,5400,male\n';
    expect(predictor.predict(csv)).toEqual(['Gentoo']);
    expect(() => predictor.predict([{ island: 'Biscoe' }])).toThrow("no column 'bill_length_mm'");
    expect(() => predictor.predict([{ ...rows[1], body_mass_g: 'heavy' }])).toThrow('"heavy" in row 0');
    expect(predictor.predict([])).toEqual([]);
  });

  it('weighs classes by their names', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ a: i % 7, y: i % 4 ? 20 : 10 }));
    const share = async (classWeight: object) => {
      const training = { epochs: 30, classWeight: classWeight as never };
      const fitted = await fitTable(rows, { target: 'y', effort: 'quick', network: { hiddenUnits: [4] }, training });
      return fitted.predictProbabilities([{ a: 3 }])[0][10];
    };
    expect(await share({ 10: 30 })).toBeGreaterThan((await share({ 20: 30 })) + 0.2);
  });

  it('predicts numbers in their own unit', async () => {
    const predictor = await fitTable(concrete, {
      target: 'compressive_strength',
      effort: 'quick',
      training: { epochs: 60 },
    });
    expect([predictor.task, predictor.classes]).toEqual(['regression', undefined]);
    const { dataLoss } = predictor.evaluate(concrete);
    expect(dataLoss).toBeLessThan(60); // the variance of the target is 279
    expectClose(
      [Math.min(...predictor.history.valDataLoss)],
      [predictor.evaluate(part(concrete, predictor.validationRows)).dataLoss],
      { rtol: 1e-4 },
    );
    const large = rowsOf(concrete).map((row) => ({
      ...row,
      compressive_strength: 1e4 * (row.compressive_strength as number) + 1e6,
    }));
    const scaled = await fitTable(large, {
      target: 'compressive_strength',
      effort: 'quick',
      training: { epochs: 60 },
    });
    expectClose([scaled.evaluate(large).dataLoss], [1e8 * dataLoss], { rtol: 0.02 });
    expect(() => predictor.predictProbabilities(concrete)).toThrow('is a number');
  });

  it('gives the same bits for the same rows, options and seed', async () => {
    const [a, b, other] = await Promise.all(
      [0, 0, 1].map((seed) => fitTable(penguins, { target: 'species', seed, ...quick })),
    );
    expect(weightsOf(a)).toEqual(weightsOf(b));
    expect(weightsOf(a)).not.toEqual(weightsOf(other));
  });

  it('is made again from JSON and its network', async () => {
    for (const [table, target] of [
      [penguins, 'sex'],
      [concrete, 'compressive_strength'],
    ] as const) {
      const predictor = await fitTable(table, { target, ...quick });
      const again = predictorFromJson(JSON.parse(JSON.stringify(predictor)), predictor.model);
      expect(again.predict(table)).toEqual(predictor.predict(table));
      expect(again.toJSON()).toEqual(predictor.toJSON());
      expect(() => predictorFromJson({ ...predictor.toJSON(), task: 'guess' }, predictor.model)).toThrow(
        ParameterError,
      );
      expect(() => predictorFromJson({ ...predictor.toJSON(), columns: [] }, predictor.model)).toThrow(
        'needs the column',
      );
      for (const classes of predictor.classes ? [['male'], ['male', 'male'], ['a', 'b', 'c']] : []) {
        const json = { ...predictor.toJSON(), classes };
        expect(() => predictorFromJson(json, predictor.model)).toThrow('2 different classes');
      }
    }
  });

  it('gives classes as they are: numbers, true and false, and hostile names', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      x: i,
      digit: i < 20 ? 3 : 10,
      flag: i < 20,
      name: i < 20 ? '__proto__' : 'constructor',
    }));
    const predict = async (target: string) => {
      const columns = { ...(target === 'name' && { name: 'category' as const }) };
      const used = rows.map((row) => ({ x: row.x, [target]: (row as Record<string, unknown>)[target] }));
      const predictor = await fitTable(used, { target, columns, ...quick, training: { epochs: 150, callbacks: [] } });
      return [predictor.predict([{ x: 0 }, { x: 39 }]), predictor.predictProbabilities([{ x: 0 }])[0]] as const;
    };
    expect((await predict('digit'))[0]).toEqual([3, 10]);
    expect((await predict('flag'))[0]).toEqual([true, false]);
    const [names, probabilities] = await predict('name');
    expect(names).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(probabilities).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.values(probabilities)[0]).toBeGreaterThan(0.5);
  });

  it('leaves out what cannot be used, and says so', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({
      x: i,
      note: `note ${i}`,
      empty: null,
      age: i === 9 ? 'unknown' : i % 20,
      price: i === 9 ? '-' : i / 8,
      sold: `${1 + (i % 4)}/${1 + (i % 2)}/2024`,
      built: i === 3 ? null : `${1 + (i % 28)}.${1 + (i % 12)}.${10 + i} 10:00`,
      y: i === 7 ? null : i % 2 ? 'a' : 'b',
    }));
    const { warnings, columns } = await fitTable(rows, { target: 'y', ...quick });
    expect(warnings).toEqual([
      "Rows without 'y' are left out: 1.",
      'The column \'note\' holds text, such as "note 0", and is left out.',
      "The column 'empty' has no values and is left out.",
      "The column 'age' holds numbers, but also \"unknown\": all become categories. Name what is missing in 'missingValues'.",
      "The column 'price' holds numbers, but also \"-\": it is left out. Name what is missing in 'missingValues'.",
      'The column \'sold\' holds dates such as "1/1/2024": all become categories. Write them as 2024-12-31.',
      'The column \'built\' holds dates such as "1.1.10 10:00": it is left out. Write them as 2024-12-31.',
    ]);
    expect(columns).toEqual([
      { name: 'x', type: 'number' },
      { name: 'age', type: 'category' },
      { name: 'sold', type: 'category' },
    ]);
  });

  it('refuses what makes no sense', async () => {
    const numbered = (y: (i: number) => unknown) => Array.from({ length: 40 }, (_, i) => ({ x: i, y: y(i) }));
    const wrong: [unknown, object, string][] = [
      [penguins, { target: 'specis' }, "Did you mean 'species'?"],
      [penguins, { target: 'species', task: 'regression' }, 'holds no numbers'],
      [penguins, { target: 'species', validationSplit: 1 }, "'validationSplit'"],
      [penguins, { target: 'species', netwrk: {} }, "Unknown option 'netwrk'"],
      [penguins, { target: 'species', network: { layers: [], dropout: 0.1 } }, 'either layers'],
      [
        [
          { x: 1, y: 'a' },
          { x: 2, y: 'a' },
        ],
        { target: 'y' },
        'only one class',
      ],
      [[{ y: 'a' }, { y: 'b' }], { target: 'y' }, 'no column to predict'],
      [numbered((i) => `name ${i}`), { target: 'y' }, 'holds text: 40 different values in 40 rows'],
      [numbered((i) => (i === 7 ? '-' : i)), { target: 'y' }, 'holds numbers, but also "-"'],
      [numbered((i) => (i === 7 ? '-' : i)), { target: 'y', task: 'regression' }, "'missingValues'"],
    ];
    for (const [rows, options, message] of wrong) {
      await expect(fitTable(rows as Row[], options as FitTableOptions)).rejects.toThrow(message);
    }
  });

  it('divides the logits of one network by the root of what fits its validation rows', async () => {
    const predictor = await fitTable(penguins, { target: 'species', effort: 'quick', network: { preset: 'mlp' } });
    const { temperature = 0 } = predictor.members[0];
    expect(temperature).toBeGreaterThan(1); // it is too sure
    const hidden = part(penguins, predictor.validationRows);
    const p = predictor.model.predictProbabilities(predictor.transform(hidden));
    const y = [...(predictor.toDataset(hidden).y as Int32Array)];
    expectClose([pooledTemperature([p], y)], [temperature], { rtol: 0.02 });
    const without = await fitTable(penguins, { target: 'species', validationSplit: 0, ...quick });
    expect(without.members[0].temperature).toBeUndefined();
  });

  it('takes layers and no validation', async () => {
    const layers = [dense(8), relu(), dropout(0.1)];
    const predictor = await fitTable(penguins, {
      target: 'species',
      network: { layers },
      validationSplit: 0,
      training: { epochs: 3 },
    });
    expect([predictor.validationRows.length, predictor.history.epochs]).toEqual([0, 3]);
  });
});

const part = ({ columns }: Table, rows: Int32Array): Table => ({
  columns: columns
    .map((column) => ({ ...column, values: Array.from(rows, (i) => column.values[i]) as never }))
    .map((column) =>
      typeof column.values[0] === 'number' ? { ...column, values: Float64Array.from(column.values as never) } : column,
    ),
  shape: [rows.length, columns.length],
});

describe('nothing of the validation rows is learnt', () => {
  it('by preprocessing and weights: other values there change neither, but for the temperature of the last layer', async () => {
    const options: FitTableOptions = {
      target: 'sex',
      effort: 'quick',
      network: { hiddenUnits: [8] },
      training: { epochs: 5, callbacks: [] },
    };
    const before = await fitTable(penguins, options);
    const hidden = new Set(before.validationRows);
    expect(hidden.size).toBeGreaterThan(60);
    const rows = rowsOf(penguins).map((row, i) =>
      hidden.has(i) ? { ...row, island: 'Atlantis', bill_length_mm: 1e9, body_mass_g: null, species: null } : row,
    );
    const after = await fitTable(rows, options);
    expect(after.validationRows).toEqual(before.validationRows);
    expect(after.preprocessing.toJSON()).toEqual(before.preprocessing.toJSON());
    expect(weightsOf(after).slice(0, -2)).toEqual(weightsOf(before).slice(0, -2));
    const [logits, others] = [after, before].map((predictor) => {
      const { temperature = 0 } = predictor.members[0];
      return weightsOf(predictor).flatMap(({ data }, i, { length }) =>
        i < length - 2 ? [] : [...data].map((w) => w * temperature),
      );
    });
    expectClose(logits, others, { rtol: 1e-5, atol: 1e-7 });
    expect(after.history.valLoss).not.toEqual(before.history.valLoss);
  });

  it('by a transformer that remembers all that it has been fitted on', async () => {
    const Detector = defineTransformer({
      type: 'Detector',
      options: {},
      state: { seen: vector('(-inf, inf)') },
      fit: ({ data }) => ({ seen: Float64Array.from(data.slice(0, 1)) }),
      transform(x) {
        return x;
      },
    });
    const fitted: number[] = [];
    class Watching extends (Detector as unknown as new () => InstanceType<typeof Detector>) {
      override fit(x: never): this {
        fitted.push(...Array.from((x as Table).columns[0].values as Float64Array));
        return super.fit(x);
      }
    }
    const rows = Array.from({ length: 50 }, (_, i) => ({ x: i, y: i % 2 ? 'a' : 'b' }));
    const predictor = await fitTable(rows, { target: 'y', preprocessing: new Watching(), ...quick });
    const hidden = new Set(predictor.validationRows);
    expect(fitted.sort((a, b) => a - b)).toEqual(rows.map(({ x }) => x).filter((x) => !hidden.has(x)));
  });
});

describe('several networks', () => {
  const rows = rowsOf(penguins);
  const options: FitTableOptions = { target: 'species', network: { hiddenUnits: [16] }, training: { epochs: 30 } };

  it('leave out another fifth of the rows each, and predict the mean', async () => {
    const predictor = await fitTable(rows, options);
    const { models } = predictor.model as Ensemble;
    expect([models.length, predictor.members.length]).toEqual([5, 5]);
    const left = predictor.members.flatMap(({ validationRows }) => [...validationRows]);
    expect(left.sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
    const x = predictor.transform(rows);
    const each = models.map((model) => model.predictProbabilities(x).data);
    const mean = Array.from(each[0], (_, i) => each.reduce((sum, p) => sum + p[i], 0) / 5);
    const probabilities = predictor.predictProbabilities(rows).flatMap((row) => Object.values(row));
    expectClose(probabilities, mean, { atol: 1e-6 });
    const y = [...(predictor.toDataset(rows).y as Int32Array)];
    const loss = -y.reduce((sum, k, i) => sum + Math.log(mean[3 * i + k]), 0) / y.length;
    const { accuracy, dataLoss } = predictor.evaluate(rows);
    expectClose([dataLoss], [loss], { rtol: 1e-4 });
    expect(accuracy).toBeGreaterThan(0.97);
    const again = predictorFromJson(JSON.parse(JSON.stringify(predictor)), predictor.model);
    expect(again.predictProbabilities(rows)).toEqual(predictor.predictProbabilities(rows));
    expect(predictor.members[0].temperature).toBeLessThan(1); // label smoothing makes it too unsure
    expect(predictor.summary()).toMatch(
      /species.*3 classes: 344 rows[\s\S]*5 networks[\s\S]*dense 16 → selu[\s\S]*temperature: 0\./,
    );
  });

  it('are as many as `members`', async () => {
    const short = { ...options, training: { epochs: 2 } };
    for (const members of [2, 7]) {
      const predictor = await fitTable(rows, { ...short, members });
      expect(predictor.members.length).toBe(members);
      const left = predictor.members
        .slice(0, Math.min(members, 5))
        .flatMap(({ validationRows }) => [...validationRows]);
      expect(left.sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
      expect(predictor.members[0].temperature).toBeGreaterThan(0);
    }
    const one = await fitTable(rows, { ...short, members: 1, validationSplit: 0.25 });
    expect([one.members.length, one.validationRows.length]).toEqual([1, 86]);
    for (const wrong of [{ members: 0 }, { members: 5, validationSplit: 0.2 }])
      await expect(fitTable(rows, { ...options, ...wrong })).rejects.toThrow(ParameterError);
  });

  it('of one preset are members of one network, whose last layer has them all', async () => {
    const network = { preset: 'tabm', hiddenUnits: [16, 16], members: 8 } as const;
    const predictor = await fitTable(rows, { ...options, network, effort: 'quick', training: { epochs: 20 } });
    expect((predictor.model as Sequential).toJSON().layers.map(({ type }) => type)).toEqual([
      'batchEnsemble',
      'relu',
      'dropout',
      'batchEnsemble',
      'relu',
      'dropout',
      'memberDense',
    ]);
    expect(predictor.evaluate(rows).accuracy).toBeGreaterThan(0.95);
    expect(weightsOf(predictor).at(-1)?.shape).toEqual([8 * 3]);
    const wrong = fitTable(rows, { ...options, network: { preset: 'mlp', members: 8 } });
    await expect(wrong).rejects.toThrow("'members'");
    const layers = [batchEnsemble(8, { members: 4, repeats: true }), relu()];
    const numbers = await fitTable(concrete, {
      target: 'compressive_strength',
      network: { layers },
      training: { epochs: 15 },
    });
    const { columns } = concrete;
    const y = columns[columns.length - 1].values as Float64Array;
    const predicted = numbers.predict(concrete) as number[];
    expect(Math.sqrt(predicted.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length)).toBeLessThan(12);
  });

  it('keep numbers within the range of the training targets', async () => {
    const numbers = Array.from({ length: 60 }, (_, i) => ({ x: i, y: 2.5 * i }));
    const predictor = await fitTable(numbers, { target: 'y', network: { hiddenUnits: [8] }, training: { epochs: 40 } });
    expect(predictor.range).toEqual([0, 147.5]);
    const predicted = predictor.predict([{ x: -1e6 }, { x: 30 }, { x: 1e6 }]) as number[];
    expect(Math.min(...predicted)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...predicted)).toBeLessThanOrEqual(147.5);
    const json = JSON.parse(JSON.stringify(predictor));
    expect(predictorFromJson(json, predictor.model).predict(numbers)).toEqual(predictor.predict(numbers));
    expect(() => predictorFromJson({ ...json, range: 'all' }, predictor.model)).toThrow('range');
  });

  it('are of several kinds where no network is asked for, one at least', async () => {
    const few = Array.from({ length: 40 }, (_, i) => ({ x: i, y: 3 * i + (i % 2) }));
    const predictor = await fitTable(few, { target: 'y', task: 'regression', training: { epochs: 3 } });
    expect([5, 10, 15]).toContain(predictor.members.length);
    expect((predictor.model as Ensemble).models.length).toBe(predictor.members.length);
    expect(predictor.summary()).toMatch(/5 of them: .*dense 1, \d+ parameters\n {2}epochs kept: [123] of 3/);
  });

  it('are fewer where a class is small, and fifteen for the best', async () => {
    const few = Array.from({ length: 6 }, (_, i) => ({ x: i, y: i % 2 ? 'a' : 'b' }));
    expect((await fitTable(few, { ...options, target: 'y' })).members.length).toBe(3);
    const best = await fitTable(rows, { ...options, effort: 'best', training: { epochs: 1 } });
    expect(best.members.length).toBe(15);
    await expect(fitTable(few, { target: 'y', effort: 'best', validationSplit: 0.2 })).rejects.toThrow(
      'validationSplit',
    );
  });
});
