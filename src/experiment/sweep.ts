// The points of a sweep: all combinations of a grid, or random draws; and what is wrong with a sweep.
import { catalog as builtIn } from '../catalog/index.ts';
import type { Catalog } from '../errors/index.ts';
import { exp, log, RandomState } from '../random/index.ts';
import { formsAt, rulesAt, suggestPath } from './paths.ts';
import { broken, type Problem, problemsIn } from './problems.ts';
import { repeated, schemaOf } from './schema.ts';
import { parametersOf, spaces } from './spaces.ts';
import {
  filled,
  type GridRange,
  MOST_TRIALS,
  type RandomRange,
  type RandomSweep,
  type SpaceSweep,
  type SweepPoint,
  type SweepSpec,
  sweepRules,
} from './spec.ts';

/**
 * The different points that `paths` (by default all) have in a valid sweep, made one by one and the same each time.
 */
export function points(
  sweep: SweepSpec,
  paths: readonly string[] = Object.keys(parametersOf(sweep)),
  catalog: Catalog = builtIn,
): Iterable<SweepPoint> {
  if (sweep.type === 'grid') return combinations(axesOf(sweep, catalog, paths));
  const all = randomPoints(sweep, catalog);
  return paths.length === Object.keys(parametersOf(sweep)).length ? all : distinct(all, paths);
}

/** How many {@link points} there are. */
export function countPoints(
  sweep: SweepSpec,
  paths: readonly string[] = Object.keys(parametersOf(sweep)),
  catalog: Catalog = builtIn,
): number {
  if (sweep.type === 'grid') return countCombinations(axesOf(sweep, catalog, paths));
  if (paths.length === Object.keys(parametersOf(sweep)).length) return sweep.samples;
  let count = 0;
  for (const _ of points(sweep, paths, catalog)) count++;
  return count;
}

/** One parameter; `count` is infinite where it is a real number from a range, which can only be drawn. */
interface Axis {
  path: string;
  count: number;
  value(index: number): unknown;
  draw(random: RandomState, digits: number): unknown;
}

type Values = readonly unknown[] | GridRange | RandomRange;

function axesOf(sweep: SweepSpec, catalog: Catalog, paths?: readonly string[]): Axis[] {
  const parameters = parametersOf(sweep);
  return (paths ?? Object.keys(parameters)).map((path) => axisOf(path, parameters[path], catalog));
}

function axisOf(path: string, values: Values, catalog: Catalog): Axis {
  if ('count' in values) return axisOf(path, gridValues(path, values, catalog), catalog);
  if (!('from' in values)) {
    const { length } = values;
    return { path, count: length, value: (i) => values[i], draw: (random) => values[random.randint(0, length)] };
  }
  const { from, to, scale } = values;
  const integer = isInteger(path, catalog);
  // Half a step beyond both ends, so that the ends come up as often as other integers.
  const [low, high] = ends(values, integer ? 0.5 : 0);
  return {
    path,
    count: integer ? to - from + 1 : Number.POSITIVE_INFINITY,
    value: (index) => from + index,
    draw(random, digits) {
      const value = random.uniform(low, high);
      return tidy(scale === 'log' ? exp(value) : value, values, integer, digits);
    },
  };
}

function countCombinations(axes: readonly Axis[]): number {
  return axes.reduce((product, { count }) => product * count, 1);
}

/** All combinations; the last value changes first. */
function* combinations(axes: readonly Axis[]): Generator<SweepPoint> {
  for (let index = 0; index < countCombinations(axes); index++) yield combination(axes, index);
}

function combination(axes: readonly Axis[], index: number): SweepPoint {
  let left = index;
  const reversed = axes.toReversed().map(({ path, count, value }) => {
    const own = left % count;
    left = (left - own) / count;
    return [path, value(own)];
  });
  return Object.fromEntries(reversed.reverse());
}

/** The points of some of the parameters. */
function* distinct(all: Iterable<SweepPoint>, paths: readonly string[]): Generator<SweepPoint> {
  const seen = new Set<string>();
  for (const whole of all) {
    const point = Object.fromEntries(paths.map((path) => [path, whole[path]]));
    if (isNew(seen, point)) yield point;
  }
}

/** Whether `seen` does not have `point` yet; it has it afterwards. */
function isNew(seen: Set<string>, point: SweepPoint): boolean {
  const { size } = seen;
  return seen.add(JSON.stringify(point)).size > size;
}

function gridValues(path: string, values: GridRange, catalog: Catalog): readonly unknown[] {
  const { count, scale } = values;
  const integer = isInteger(path, catalog);
  const [low, high] = ends(values);
  const spaced = Array.from({ length: count }, (_, i) => {
    const value = low + ((high - low) * i) / (count - 1);
    return tidy(scale === 'log' ? exp(value) : value, values, integer, 12);
  });
  // Rounding can make neighbours equal.
  return [...new Set(spaced)];
}

/** The ends of a range on its scale, `beyond` further apart on both sides. */
function ends({ from, to, scale }: RandomRange, beyond = 0): [low: number, high: number] {
  return scale === 'log' ? [log(from - beyond), log(to + beyond)] : [from - beyond, to + beyond];
}

/** Rounded to an integer, or to so many digits that 10^-3 is 0.001 and a draw can be read; never out of the range. */
function tidy(value: number, { from, to }: RandomRange, integer: boolean, digits: number): number {
  const rounded = integer ? Math.round(value) : Number(value.toPrecision(digits));
  return Math.min(to, Math.max(from, rounded));
}

/** The axis of a setting that is left out in half of the draws. */
const halfOff = (axis: Axis): Axis => ({
  ...axis,
  count: axis.count + 1,
  value: (index) => (index < axis.count ? axis.value(index) : null),
  draw: (random, digits) => (random.randint(0, 2) === 0 ? null : axis.draw(random, digits)),
});

/** Digits of a real number that was drawn: few, so that it can be read, but all where the few have come up before. */
const [FEW_DIGITS, ALL_DIGITS] = [6, 17];
/** Draws in a row that give nothing new, after which the points that are left are listed. */
const MOST_REPEATS = 1000;
/** Points that can be listed. */
const MOST_LISTED = 2 * MOST_TRIALS;

/** `point` without what another setting of it excludes. */
function withoutExcluded(point: SweepPoint, sweep: RandomSweep | SpaceSweep): SweepPoint {
  if (!('space' in sweep)) return point;
  const ends = Object.keys(point).filter((path) => spaces[sweep.space][path].endsTraining && point[path] !== null);
  return { ...point, ...Object.fromEntries(ends.slice(1).map((path) => [path, null])) };
}

function* randomPoints(sweep: RandomSweep | SpaceSweep, catalog: Catalog): Generator<SweepPoint> {
  const { samples, seed } = filled(sweepRules.random, sweep);
  const random = new RandomState(seed);
  const own = axesOf(sweep, catalog);
  const axes = 'space' in sweep ? own.map(halfOff) : own;
  const count = countCombinations(axes);
  const seen = new Set<string>();
  // Where most points are wanted, draws would repeat too often.
  let repeats = samples > count / 2 ? MOST_REPEATS : 0;
  while (seen.size < samples && repeats < MOST_REPEATS) {
    const digits = repeats === 0 ? FEW_DIGITS : ALL_DIGITS;
    const drawn = Object.fromEntries(axes.map(({ path, draw }) => [path, draw(random, digits)]));
    const point = withoutExcluded(drawn, sweep);
    repeats = isNew(seen, point) ? 0 : repeats + 1;
    if (repeats === 0) yield point;
  }
  if (seen.size === samples || count > MOST_LISTED) return;
  for (const index of random.permutation(count)) {
    const point = withoutExcluded(combination(axes, index), sweep);
    if (isNew(seen, point)) yield point;
    if (seen.size === samples) return;
  }
}

function isInteger(path: string, catalog: Catalog): boolean {
  return formsAt(path, catalog).every((form) => form === 'integer');
}

const at = ['sweep', 'parameters'];

/** What is wrong with a sweep that has the right keys and types. */
export function sweepProblems(sweep: SweepSpec, catalog: Catalog = builtIn): Problem[] {
  const { parameters: given, space } = sweep as Partial<RandomSweep & SpaceSweep>;
  if (!given === !space) {
    const rule = "an object with a path such as 'network.l2', or left out where there is a space";
    return [broken(at, rule, given)];
  }
  if ('space' in sweep) return [];
  const parameters = Object.entries(sweep.parameters);
  if (parameters.length === 0) {
    return [broken(at, "an object with a path such as 'network.l2'", sweep.parameters)];
  }
  const problems = parameters.flatMap(([path, values]) => [
    ...nestedProblems(path, Object.keys(sweep.parameters)),
    ...parameterProblems(path, values, sweep, catalog),
  ]);
  if (problems.length > 0 || sweep.type === 'grid') return problems;
  let most = countCombinations(axesOf(sweep, catalog));
  if (sweep.samples <= most) {
    most = 0;
    for (const _ of randomPoints(sweep, catalog)) most++;
  }
  if (sweep.samples <= most) return [];
  const rule = `at most the number of different points (${most})`;
  return [broken(['sweep', 'samples'], rule, sweep.samples, "Use type 'grid' to try all of them.")];
}

/** A value that replaces an object would undo what another parameter sets inside. */
function nestedProblems(path: string, paths: readonly string[]): Problem[] {
  const outer = paths.find((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`));
  return outer ? [() => `The sweep's '${path}' lies inside its '${outer}'. Sweep one of them.`] : [];
}

function parameterProblems(path: string, values: Values, sweep: SweepSpec, catalog: Catalog): Problem[] {
  const rules = rulesAt(path, catalog);
  if (rules.length === 0) return [() => `Unknown option '${path}' of sweep.parameters. ${suggestPath(path, catalog)}`];
  const place = [...at, path];
  const schemas = rules.map(schemaOf(catalog).of);
  const ruled = (key: PropertyKey, value: unknown): Problem[] => {
    if (value === null && rules.some((rule) => 'default' in rule || rule.optional)) return [];
    const tried = schemas.map((schema) => schema.safeParse(value, { jitless: true }));
    if (tried.some(({ success }) => success)) return [];
    return problemsIn(tried[0].error?.issues ?? [], { sweep }, [...place, key]);
  };
  if (!('from' in values)) {
    const wrong = values.flatMap((value, i) => ruled(i, value));
    if (wrong.length > 0) return wrong;
    return [...repeated(values)].map(([i, first]) =>
      broken([...place, i], `different from the value at index ${first}`, values[i]),
    );
  }
  const { from, to, scale } = values;
  if (!formsAt(path, catalog).some((form) => form === 'number' || form === 'integer')) {
    return [broken(place, 'a list of values', values)];
  }
  const wrong = [...ruled('from', from), ...ruled('to', to)];
  if (wrong.length > 0) return wrong;
  if (from >= to) return [broken([...place, 'to'], `larger than from (${from})`, to)];
  if (scale !== 'log' || from > 0) return [];
  return [broken([...place, 'from'], "larger than 0 with scale 'log'", from)];
}
