// TensorBoard files read back by a protocol buffer library, checksums against published vectors, history.csv by a CSV parser.
import { parse as parseCsv } from 'csv-parse/sync';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { TrialResult } from '../../src/experiment/index.ts';
import { encodeEvent } from '../../src/tracking/event.ts';
import { eventFile, historyCsv } from '../../src/tracking/index.ts';
import { maskedCrc32c } from '../../src/tracking/tf-record.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary {
    message Value { string tag = 1; oneof value { float simple_value = 2; } }
    repeated Value value = 1;
  }
`);
const Event = root.lookupType('Event');
const decode = (bytes: Uint8Array) => ({
  // Decoders leave out what has the default value.
  wallTime: 0,
  step: 0,
  ...(Event.toObject(Event.decode(bytes), { longs: Number }) as {
    wallTime?: number;
    step?: number;
    fileVersion?: string;
    summary?: { value: { tag: string; simpleValue: number }[] };
  }),
});

/** The records of a TFRecord file, after a check of their checksums. */
function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const record = file.subarray(at + 12, at + 12 + length);
    expect(record).toHaveLength(length);
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc32c(record));
    found.push(record);
    at += 16 + length;
  }
  return found;
}

const curve = [0.1, 1 / 3, 1e-7];
const trial = (changes: Partial<TrialResult> = {}): TrialResult =>
  ({
    variant: 'Dropout',
    seed: 42,
    history: {
      trainDataLoss: curve,
      trainMacroF1: [0.5, 0.75, 1],
      valDataLoss: [3, 2, 1],
      valMacroF1: [0, 0.25, 0.5],
    },
    epochs: 3,
    bestEpoch: 2,
    train: { loss: 0.3, dataLoss: 0.1, macroF1: 0.9 },
    test: { loss: 0.4, dataLoss: 0.2, macroF1: 0.8 },
    ...changes,
  }) as TrialResult;

describe('maskedCrc32c', () => {
  /** As TensorFlow's `crc32c::Unmask`. */
  const unmask = (masked: number) => {
    const rotated = masked - 0xa282ead8;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };

  it.each<[string, Iterable<number>, number]>([
    ['nothing', [], 0],
    ['the check value of the CRC catalogue', Buffer.from('123456789'), 0xe3069283],
    ['RFC 3720 B.4: 32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
    ['RFC 3720 B.4: 32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['RFC 3720 B.4: 32 bytes incrementing', Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['RFC 3720 B.4: 32 bytes decrementing', Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('%s', (_, bytes, expected) => {
    expect(unmask(maskedCrc32c(Uint8Array.from(bytes)))).toBe(expected);
  });

  it('is that of the first bytes of every TensorFlow event file', () => {
    expect(maskedCrc32c(Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0))).toBe(0x224b7fa3);
  });
});

describe('encodeEvent', () => {
  it.each([0, 1, 127, 128, 300, 16_384, 2 ** 31, 2 ** 53 - 1])('stores step %d', (step) => {
    expect(decode(encodeEvent(1.5, step, { scalars: [['a', 0.5]] }))).toEqual({
      wallTime: 1.5,
      step,
      summary: { value: [{ tag: 'a', simpleValue: 0.5 }] },
    });
  });

  it('stores long and non-ASCII tags, and several values', () => {
    const scalars = [
      [`${'λ'.repeat(200)}/été`, -1],
      ['b', Number.MAX_VALUE],
      ['__proto__', 1e-45],
    ] as const;
    const { value } = decode(encodeEvent(0, 1, { scalars })).summary!;
    expect(value.map(({ tag, simpleValue }) => [tag, simpleValue])).toEqual(
      scalars.map(([tag, number]) => [tag, Math.fround(number)]),
    );
  });
});

describe('eventFile', () => {
  it('holds the version, then an event for each epoch with what was recorded, then the test scores', () => {
    const events = records(eventFile(trial()).bytes).map(decode);
    expect(events[0]).toEqual({ wallTime: 0, step: 0, fileVersion: 'brain.Event:2' });
    expect(events).toHaveLength(5);
    expect(events.slice(1).map(({ wallTime, step }) => [wallTime, step])).toEqual([1, 2, 3, 3].map((e) => [e, e]));
    const values = (i: number) =>
      Object.fromEntries(events[i].summary!.value.map(({ tag, simpleValue }) => [tag, simpleValue]));
    for (const epoch of [1, 2, 3]) {
      expect(values(epoch)).toEqual({
        'train/dataLoss': Math.fround(curve[epoch - 1]),
        'train/macroF1': 0.25 + 0.25 * epoch,
        'validation/dataLoss': 4 - epoch,
        'validation/macroF1': 0.25 * (epoch - 1),
      });
    }
    expect(values(4)).toEqual({
      'test/loss': Math.fround(0.4),
      'test/dataLoss': Math.fround(0.2),
      'test/macroF1': Math.fround(0.8),
    });
  });

  it('is the same file for the same trial', () => {
    expect(eventFile(trial())).toEqual(eventFile(trial()));
  });

  it.each<[string, Partial<TrialResult>, string]>([
    ['a hold-out trial', {}, 'Dropout/seed-42'],
    [
      'a fold of a sweep point',
      { fold: { index: 2, of: 5 }, point: { 'network.l2': 0.001, 'training.batchSize': 8 } },
      'Dropout/network.l2=0.001/training.batchSize=8/fold-3-of-5/seed-42',
    ],
    [
      'a list, an object and nothing as swept values',
      { point: { 'network.hiddenUnits': [64, 32], 'network.activation': { type: 'tanh' }, 'network.l2': null } },
      'Dropout/network.hiddenUnits=[64,32]/network.activation={%22type%22%3A%22tanh%22}/network.l2=null/seed-42',
    ],
    ['a label with separators', { variant: 'L1/L2: a\\b?' }, 'L1%2FL2%3A a%5Cb%3F/seed-42'],
    ['a label that leads upwards', { variant: '..' }, '%2E%2E/seed-42'],
    ['a label with a dot at its end', { variant: 'λ = 0.' }, 'λ = 0%2E/seed-42'],
    ['a label that looks escaped', { variant: '%2F' }, '%252F/seed-42'],
    ['a label that is a device of Windows', { variant: 'Con.l2' }, '%43on.l2/seed-42'],
    ['half a character', { variant: 'a\ud800' }, 'a%D800/seed-42'],
  ])('puts %s into a folder of its own', (_, changes, folder) => {
    expect(eventFile(trial(changes)).path).toBe(`${folder}/events.out.tfevents.0.regulus`);
  });

  it('cuts names that file systems would not take, and keeps them different', () => {
    const layers = (units: number) => Array.from({ length: 20 }, () => ({ type: 'dense', units }));
    const folders = [8, 9].map((last) => {
      const point = { 'network.layers': [...layers(7), { type: 'dense', units: last }] };
      return eventFile(trial({ point, variant: '𝒙'.repeat(60) })).path.split('/');
    });
    for (const name of folders.flat()) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(folders[0][0]).toBe('𝒙'.repeat(60));
    expect(folders[0][1]).toMatch(/^network\.layers=\[.*~[\da-f]+$/);
    expect(folders[0][1]).not.toBe(folders[1][1]);
  });

  it('names what is no trial', () => {
    expect(() => eventFile({} as never)).toThrow("The 'trial.history' parameter of eventFile");
    expect(() => [...historyCsv({} as never)]).toThrow("The 'results.trials' parameter of historyCsv");
  });
});

describe('historyCsv', () => {
  const text = (...trials: TrialResult[]) => [...historyCsv({ trials })].join('');
  const read = (csv: string) => parseCsv(csv, { columns: true }) as Record<string, string>[];

  it('has a row for each trial and epoch, with all digits', () => {
    const csv = text(trial(), trial({ variant: 'L2', seed: 7 }));
    expect(csv.split('\n')[0]).toBe('variant,seed,epoch,trainDataLoss,trainMacroF1,valDataLoss,valMacroF1');
    const rows = read(csv);
    expect(rows.map(({ variant, seed, epoch }) => `${variant} ${seed} ${epoch}`)).toEqual(
      ['Dropout 42', 'L2 7'].flatMap((id) => [1, 2, 3].map((epoch) => `${id} ${epoch}`)),
    );
    expect(rows.slice(0, 3).map(({ trainDataLoss }) => Number(trainDataLoss))).toEqual(curve);
    expect(rows[1]).toMatchObject({ trainMacroF1: '0.75', valDataLoss: '2', valMacroF1: '0.25' });
  });

  it('quotes what needs it', () => {
    const variant = 'a "b", c';
    const csv = text(trial({ variant, epochs: 1 }));
    expect(csv).toContain('\n"a ""b"", c",42,1,0.1,');
    expect(read(csv)[0].variant).toBe(variant);
  });

  it('has a column for each series that some trial recorded', () => {
    const history = { trainLoss: [1], valLoss: [], toString: [2] } as unknown as TrialResult['history'];
    const csv = text(trial({ epochs: 1, history }), trial({ variant: 'L2', epochs: 1 }));
    expect(csv.split('\n').slice(0, 3)).toEqual([
      'variant,seed,epoch,trainLoss,valLoss,toString,trainDataLoss,trainMacroF1,valDataLoss,valMacroF1',
      'Dropout,42,1,1,,2,,,,',
      'L2,42,1,,,,0.1,0.5,3,0',
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])('keeps spreadsheets from running %j', (variant) => {
    const history = { trainLoss: [-0.5] } as unknown as TrialResult['history'];
    const csv = text(
      trial({ variant, epochs: 1, history, point: { 'network.activation': variant, 'network.l2': -1 } }),
    );
    expect(csv).toContain(`\n"'${variant}","'${variant}",-1,42,1,-0.5\n`);
    expect(read(csv)[0].variant).toBe(`'${variant}`);
  });

  it('writes lists and objects as JSON', () => {
    const point = { 'network.hiddenUnits': [64, 32], 'network.activation': { type: 'tanh' }, 'network.l2': null };
    const row = read(text(trial({ epochs: 1, point })))[0];
    expect(row).toMatchObject({
      'network.hiddenUnits': '[64,32]',
      'network.activation': '{"type":"tanh"}',
      'network.l2': 'null',
    });
  });

  it('has columns for folds and swept parameters where there are some', () => {
    const trials = [
      trial({ epochs: 1, fold: { index: 0, of: 2 }, point: { 'network.l1': 0.1 } }),
      trial({ epochs: 1, fold: { index: 1, of: 2 }, point: { 'network.l1': 0.1, 'network.dropout': 0.5 } }),
    ];
    expect(
      text(...trials)
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      'variant,network.l1,network.dropout,fold,seed,epoch,trainDataLoss,trainMacroF1,valDataLoss,valMacroF1',
      'Dropout,0.1,,0,42,1,0.1,0.5,3,0',
      'Dropout,0.1,0.5,1,42,1,0.1,0.5,3,0',
    ]);
  });
});
