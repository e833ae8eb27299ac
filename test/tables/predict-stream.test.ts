// Predictions of a table that comes in pieces: those of the whole table, as soon as rows are complete, and errors with their line.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineLoss, dense } from '../../src/nn/index.ts';
import {
  ColumnTransformer,
  type FittedTable,
  fitTable,
  parseTable,
  predictorFromJson,
} from '../../src/tables/index.ts';
import { sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';

const penguins = readFileSync(new URL('./penguins.csv', import.meta.url), 'utf8').replaceAll('Biscoe', 'Bîscøe ☃');
let classes: FittedTable;
let numbers: FittedTable;

beforeAll(async () => {
  const quick = { effort: 'quick', training: { epochs: 3 } } as const;
  classes = await fitTable(penguins, {
    target: 'species',
    ...quick,
    effort: 'default',
    network: { hiddenUnits: [4] },
  });
  numbers = await fitTable(penguins, { target: 'body_mass_g', ...quick });
});

async function streamed(predictor: FittedTable, pieces: Iterable<string | Uint8Array>) {
  const predictions: unknown[] = [];
  const probabilities: number[] = [];
  for await (const part of predictor.predictStream(pieces)) {
    predictions.push(...part.predictions);
    probabilities.push(...(part.probabilities?.data ?? []));
  }
  return { predictions, probabilities };
}

/** A text as bytes in pieces of some length. */
function* bytesOf(text: string, length: number): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
}

describe('predictStream', () => {
  it('reads decimal commas between semicolons', async () => {
    const european = penguins.replaceAll(',', ';').replace(/(\d)\.(\d)/g, '$1,$2');
    expect(european).toMatch(/;\d+,\d;/);
    expect((await streamed(classes, bytesOf(european, 100))).predictions).toEqual(classes.predict(penguins));
  });

  it.each([1, 7, 1000, 1_000_000])('predicts in pieces of %i bytes what predict does', async (length) => {
    const { predictions, probabilities } = await streamed(classes, bytesOf(penguins, length));
    expect(predictions).toEqual(classes.predict(penguins));
    // The last bits of a product depend on how many rows it has.
    const whole = classes.predictProbabilities(penguins).flatMap((row) => Object.values(row));
    expectClose(probabilities, whole, { atol: 1e-6 });
    const values = (await streamed(numbers, bytesOf(penguins, length))).predictions;
    expectClose(values as number[], numbers.predict(penguins) as number[], { rtol: 1e-6 });
  });

  it('gives classes alone where the loss says nothing of probabilities', async () => {
    const hinge = defineLoss({
      type: 'hinge',
      options: {},
      targets: 'classes',
      outputs: () => 1,
      build: () => ({
        ...{ task: 'classification', classes: 2, targetSize: 1, value: () => 0 },
        classify: (classes, output, rows) => {
          for (let i = 0; i < rows; i++) classes.data[i] = Number(output.data[i] > 0);
        },
      }),
    });
    const model = sequential({ inputSize: 1, layers: [dense(1)], loss: hinge() });
    const preprocessing = new ColumnTransformer({ transformers: [['all', 'passthrough', ['size']]] });
    const predictor = predictorFromJson(
      {
        ...{ task: 'classification', target: { name: 'big', type: 'text' }, classes: ['no', 'yes'] },
        ...{ columns: [{ name: 'size', type: 'number' }], missingValues: [] },
        preprocessing: preprocessing.fit(parseTable('size\n1\n2')).toJSON(),
      },
      model,
    );
    const { predictions, probabilities } = await streamed(predictor as FittedTable, ['size\n3\n', '-3\n']);
    expect(predictions).toEqual(predictor.predict([{ size: 3 }, { size: -3 }]));
    expect(new Set(predictions)).toEqual(new Set(['no', 'yes']));
    expect(probabilities).toEqual([]);
  });

  it('gives the first predictions before the rest is read, and in parts that do not grow with the table', async () => {
    const [header, ...rows] = penguins.trimEnd().split('\n');
    let read = 0;
    function* pieces() {
      yield `${header}\n`;
      for (let k = 0; k < 40; k++) {
        read++;
        yield `${Array(30).fill(rows.join('\n')).join('\n')}\n`;
      }
    }
    let given = 0;
    for await (const { predictions } of numbers.predictStream(pieces())) {
      given += predictions.length;
      expect(predictions.length * numbers.featureNames.length).toBeLessThanOrEqual(2 ** 18);
      expect(given).toBeGreaterThan((read - 1) * 30 * rows.length - 1);
    }
    expect(given).toBe(40 * 30 * rows.length);
  });

  it('reads JSON, and tables without rows', async () => {
    const json = '[{"island": "Dream", "sex": "male"}, {"island": null}]';
    const rows = Object.fromEntries(classes.columns.map(({ name }) => [name, null]));
    const text = JSON.stringify([{ ...rows, ...JSON.parse(json)[0] }, rows]);
    expect((await streamed(classes, bytesOf(text, 5))).predictions).toEqual(classes.predict(text));
    expect((await streamed(classes, [penguins.slice(0, penguins.indexOf('\n'))])).predictions).toEqual([]);
  });

  it('names row and line of what it cannot read', async () => {
    const lines = penguins.split('\n');
    const mistake = (line: number, change: (text: string) => string) =>
      streamed(numbers, bytesOf(lines.map((text, i) => (i === line - 1 ? change(text) : text)).join('\n'), 500));
    await expect(mistake(201, (text) => text.replace(/\d+\.\d/, 'wide'))).rejects.toThrow(
      /must hold finite numbers\. Got "wide" in row 199 \(line 201\)/,
    );
    await expect(mistake(300, (text) => `${text},1`)).rejects.toThrow('fields at line 300, as at line 1');
    await expect(mistake(300, (text) => `${text}"`)).rejects.toThrow('row that starts at line 300');
    await expect(streamed(numbers, [])).rejects.toThrow('at least one row');
    await expect(streamed(numbers, ['a,b\n', '1,2\n'])).rejects.toThrow('no column');
    await expect(streamed(numbers, [Uint8Array.of(0x61, 0xff, 0x0a)])).rejects.toThrow('not UTF-8');
  });
});
