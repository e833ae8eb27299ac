// The sections of the suite: what is compared, and how it is printed.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Allocation } from './allocation.ts';
import type { ContenderName } from './contender.ts';
import type { Entry, Field, Measured } from './contenders.ts';
import { inferenceCase } from './inference.ts';
import { kernelCases } from './kernels.ts';
import { methodCases } from './methods.ts';
import { trainingFlop } from './models.ts';
import { peakCases } from './peak.ts';
import { runProgram } from './program.ts';
import { scaleCase } from './scale.ts';
import { median } from './statistics.ts';
import { kilobytes, microseconds, percent, short, table, times } from './table.ts';
import { stepGroups } from './training.ts';

/** How thorough a run is. */
export interface Effort {
  rounds: number;
  /** Length of a block, in milliseconds. */
  block: number;
  /** Time for the JIT compilers, in milliseconds. */
  warmup: number;
  /** Work above which a product is left out, in flop. */
  maxFlop: number;
  /** Work above which plain JavaScript is left out, in flop. */
  jsFlop: number;
  inferenceRows: number;
  scaleRows: readonly number[];
  scaleRounds: number;
  profileRounds: number;
  starts: number;
  /** Rows and epochs of the runs whose memory is measured. */
  memory: readonly (readonly [rows: number, epochs: number])[];
}

export interface Context {
  field: Field;
  effort: Effort;
  /** Whether a case of a section was asked for. */
  wanted(section: string, name: string): boolean;
  /** Prints a block of text. */
  print(text: string): void;
}

export interface Section {
  name: string;
  /** Prints its tables and returns the figures behind them; nothing when nothing of it is wanted. */
  run(context: Context): Promise<unknown>;
}

const engines = ['fast', 'reproducible', 'js'] as const;
const peaks: Entry[] = peakCases().map(({ name }) => ({ case: name, contender: 'peak' }));

const find = (measured: readonly Measured[], name: string, contender: ContenderName) =>
  measured.find((entry) => entry.case === name && entry.contender === contender);

/** Units of work per second, in 10⁹. */
const rate = ({ work, median }: Measured) => work / median / 1e6;

/** P as it was in the rounds of this comparison, in GFLOP/s. */
const peakRate = (measured: readonly Measured[]) => rate(find(measured, peaks[0].case, 'peak') as Measured);

function rateCells(measured: readonly Measured[], name: string, contenders: readonly ContenderName[]): string[] {
  const js = find(measured, name, 'js');
  return contenders.flatMap((contender) => {
    const entry = find(measured, name, contender);
    if (!entry) return contender === 'js' ? ['-'] : ['-', '-', '-'];
    const value = `${short(rate(entry))} ±${percent(entry.deviation / entry.median)}`;
    if (contender === 'js') return [value];
    const fraction = entry.unit === 'flop' ? (rate(entry) / peakRate(measured)).toFixed(3) : '';
    return [value, fraction, js ? times(js.median / entry.median) : '-'];
  });
}

const rateHead = (contenders: readonly ContenderName[]) =>
  contenders.flatMap((contender) => (contender === 'js' ? ['js'] : [contender, 'of P', '× js']));

/** A comparison as it goes into the JSON file. */
function figures(section: string, measured: readonly Measured[]): object[] {
  return measured.map((entry) => ({
    section,
    ...entry,
    rate: rate(entry),
    ...(entry.unit === 'flop' && entry.contender !== 'peak' && { ofPeak: rate(entry) / peakRate(measured) }),
  }));
}

const kernels: Section = {
  name: 'kernels',
  async run({ field, effort, wanted, print }) {
    const products: string[][] = [];
    const others: string[][] = [];
    const results: object[] = [];
    for (const { name } of kernelCases.filter((definition) => wanted('kernels', definition.name))) {
      const flop = 2 * (name.match(/(\d+)×(\d+)×(\d+)/) ?? []).slice(1).reduce((product, size) => product * +size, 1);
      if (flop > effort.maxFlop) continue;
      const contenders = engines.filter((engine) => engine !== 'js' || flop <= effort.jsFlop);
      const entries = contenders.map((contender): Entry => ({ case: name, contender }));
      const measured = await field.compare([...entries, ...peaks], effort.rounds, effort.block);
      const isProduct = measured[0].unit === 'flop';
      (isProduct ? products : others).push([
        name,
        ...rateCells(measured, name, engines),
        ...(isProduct ? [short(peakRate(measured))] : []),
      ]);
      results.push(...figures('kernels', measured));
    }
    if (products.length) print(table(['GFLOP/s', ...rateHead(engines), 'P'], products));
    if (others.length) print(table(['10⁹ elements/s', ...rateHead(engines)], others));
    return results.length ? results : undefined;
  },
};

/** How much longer a step takes than the plain one of its group. */
function surcharge(measured: readonly Measured[], plain: string, step: string, contender: ContenderName): string {
  const [a, b] = [find(measured, plain, contender), find(measured, step, contender)];
  return a && b && a !== b ? percent(b.median / a.median - 1) : '';
}

const steps: Section = {
  name: 'steps',
  async run({ field, effort, wanted, print }) {
    const contenders = ['fast', 'reproducible', 'js', 'idle'] as const;
    const rates: string[][] = [];
    const durations: string[][] = [];
    const results: object[] = [];
    for (const group of stepGroups) {
      const chosen = group.filter(({ name }) => wanted('steps', name));
      if (!chosen.length) continue;
      const entries = chosen.flatMap(({ name, sizes, batchSize }) =>
        contenders
          .filter((contender) => contender !== 'js' || batchSize * trainingFlop(sizes) <= effort.jsFlop)
          .map((contender): Entry => ({ case: name, contender })),
      );
      const measured = await field.compare([...entries, ...peaks], effort.rounds, effort.block);
      for (const step of chosen) {
        rates.push([step.name, ...rateCells(measured, step.name, engines), short(peakRate(measured))]);
        durations.push([
          step.name,
          ...contenders.map((contender) => {
            const entry = find(measured, step.name, contender);
            return entry ? microseconds(entry.median) : '-';
          }),
          surcharge(measured, group[0].name, step.name, 'fast'),
          surcharge(measured, group[0].name, step.name, 'reproducible'),
        ]);
      }
      results.push(...figures('steps', measured));
    }
    if (!rates.length) return undefined;
    print(table(['GFLOP/s of the matrix products', ...rateHead(engines), 'P'], rates));
    const head = ['time of a step', 'fast', 'reproducible', 'js', 'outside kernels', 'more (fast)', 'more (repr.)'];
    print(table(head, durations));
    return results;
  },
};

const methods: Section = {
  name: 'methods',
  async run({ field, effort, wanted, print }) {
    const [plain, ...others] = methodCases.map(({ name }) => name);
    const chosen = others.filter((name) => wanted('methods', name));
    if (!chosen.length) return undefined;
    const contenders = ['fast', 'reproducible'] as const;
    const names = [plain, ...chosen];
    const entries = names.flatMap((name) => contenders.map((contender): Entry => ({ case: name, contender })));
    const measured = await field.compare([...entries, ...peaks], effort.rounds, effort.block);
    const rows = names.map((name) => [
      name,
      ...contenders.flatMap((contender) => {
        const { median, deviation } = find(measured, name, contender) as Measured;
        return [`${microseconds(median)} ±${percent(deviation / median)}`, surcharge(measured, plain, name, contender)];
      }),
    ]);
    print(table(['time of a step', ...contenders.flatMap((contender) => [contender, 'more'])], rows));
    return figures('methods', measured);
  },
};

const profile: Section = {
  name: 'profile',
  async run({ field, effort, wanted, print }) {
    const results: object[] = [];
    for (const group of stepGroups) {
      for (const step of group.filter(({ name, shuffle }) => shuffle && wanted('profile', name))) {
        for (const contender of ['fast', 'reproducible'] as const) {
          const { milliseconds: whole, operations } = await field.profile(
            contender,
            step.name,
            effort.profileRounds,
            effort.block,
          );
          const sum = operations.reduce((total, { milliseconds }) => total + milliseconds, 0);
          const rows = operations.map(({ operation, calls, milliseconds }) => [
            operation,
            String(calls),
            microseconds(milliseconds),
            percent(milliseconds / whole),
          ]);
          rows.push(['rest', '', microseconds(whole - sum), percent((whole - sum) / whole)]);
          rows.push(['step', '', microseconds(whole), '']);
          print(table([`${step.name}, ${contender}`, 'calls', 'time', 'share'], rows));
          results.push({ section: 'profile', case: step.name, contender, milliseconds: whole, operations });
        }
      }
    }
    return results.length ? results : undefined;
  },
};

const inference: Section = {
  name: 'inference',
  async run({ field, effort, wanted, print }) {
    const { name } = inferenceCase(effort.inferenceRows);
    if (!wanted('inference', name)) return undefined;
    const contenders = ['fast', 'reproducible'] as const;
    const entries = contenders.map((contender): Entry => ({ case: name, contender }));
    const measured = await field.compare([...entries, ...peaks], Math.min(effort.rounds, 5), effort.block);
    const cells = contenders.flatMap((contender) => {
      const entry = find(measured, name, contender) as Measured;
      return [
        `${short(rate(entry))} ±${percent(entry.deviation / entry.median)}`,
        (rate(entry) / peakRate(measured)).toFixed(3),
        `${short(entry.median)} ms`,
      ];
    });
    const head = contenders.flatMap((contender) => [contender, 'of P', 'time']);
    print(table(['GFLOP/s', ...head, 'P'], [[name, ...cells, short(peakRate(measured))]]));
    return figures('inference', measured);
  },
};

interface Start {
  imported: number;
  product: number;
  total: number;
}

const start: Section = {
  name: 'start',
  async run({ effort, wanted, print }) {
    const numerics = ['fast', 'reproducible'].filter((name) => wanted('start', name));
    if (!numerics.length) return undefined;
    const runs: Record<string, Start[]> = Object.fromEntries(numerics.map((name) => [name, []]));
    // One run more than is counted: the first reads the files from disk.
    for (let i = 0; i <= effort.starts; i++) {
      for (const name of numerics) {
        const run = await runProgram<Start>('start', [name]);
        if (i > 0) runs[name].push(run);
      }
    }
    const rows = numerics.map((name) => {
      const middle = (part: keyof Start) => median(runs[name].map((run) => run[part]));
      return [name, ...(['imported', 'product', 'total'] as const).map((part) => `${short(middle(part))} ms`)];
    });
    print(table(['cold start', 'import', 'first product', 'both'], rows));
    const binaries = ['simd', 'relaxed'].map((name) => {
      const bytes = readFileSync(new URL(`../../dist/core-${name}.wasm`, import.meta.url));
      return { name: `core-${name}.wasm`, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    });
    const sizes = binaries.map(({ name, bytes, gzip }) => [name, kilobytes(bytes), kilobytes(gzip)]);
    print(table(['size', 'plain', 'gzip'], sizes));
    return { section: 'start', runs, binaries };
  },
};

const scale: Section = {
  name: 'scale',
  async run({ field, effort, wanted, print }) {
    const samples = effort.scaleRows[effort.scaleRows.length - 1];
    const names = effort.scaleRows.map((rows) => scaleCase(rows, samples).name).filter((name) => wanted('scale', name));
    if (!names.length) return undefined;
    const entries = names.map((name): Entry => ({ case: name, contender: 'fast' }));
    const measured = await field.compare(entries, effort.scaleRounds, effort.block);
    const rows = measured.map((entry) => [
      entry.case,
      `${short(1e6 * entry.median)} ns`,
      `±${percent(entry.deviation / entry.median)}`,
      times(entry.median / measured[0].median),
    ]);
    print(table(['whole fit, batch 64', 'per sample', '', 'of the first'], rows));
    return figures('scale', measured);
  },
};

const memory: Section = {
  name: 'memory',
  async run({ effort, wanted, print }) {
    if (!wanted('memory', 'fit')) return undefined;
    const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];
    const results: Allocation[] = [];
    for (const [rows, epochs] of effort.memory) {
      results.push(await runProgram<Allocation>('allocation', [String(rows), String(epochs)], flags));
    }
    const rows = results.map((result) => [
      `${result.rows}×20`,
      String(result.steps),
      `${short(result.heapPerStep)} B${result.collections ? ` (${result.collections} collections!)` : ''}`,
      kilobytes(result.requested),
      kilobytes(result.formula),
      kilobytes(result.linearBefore),
      kilobytes(result.linear),
      `${short(result.hostPerSample)} B`,
    ]);
    const head = ['fit', 'steps', 'heap per step', 'arrays', 'formula', 'wasm before', 'wasm after', 'host per sample'];
    print(table(head, rows));
    return { section: 'memory', results };
  },
};

/** The peaks by themselves, first of all. */
const peak: Section = {
  name: 'peak',
  async run({ field, effort, print }) {
    const measured = await field.compare(peaks, effort.rounds, effort.block);
    const cells = measured.map((entry) => `${entry.case} ${short(rate(entry))} GFLOP/s`);
    const fused = peaks.length > 1 ? '' : ' (this host has no fused multiply-add: P is mul + add)';
    print(`P: ${cells.join(', ')}${fused}`);
    return figures('peak', measured);
  },
};

export const sections: Section[] = [peak, kernels, steps, methods, profile, inference, start, scale, memory];
