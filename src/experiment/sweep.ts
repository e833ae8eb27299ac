// The points of a sweep: all combinations of a grid, or random draws.
import { exp, log, RandomState } from '../random/index.ts';
import { isInteger } from './parameter-paths.ts';
import type { GridRange, RandomRange, SweepPoint, SweepSpec } from './spec.ts';

type Value = number | string;

/** The points of a valid sweep, made one by one and the same each time. */
export function points(sweep: SweepSpec): Generator<SweepPoint> {
  return sweep.type === 'grid' ? gridPoints(sweep.parameters) : randomPoints(sweep);
}

/** How many {@link points} there are. */
export function countPoints(sweep: SweepSpec): number {
  if (sweep.type === 'random') return sweep.samples;
  return product(Object.entries(sweep.parameters).map(([path, values]) => gridValues(path, values).length));
}

/** How many points random draws can differ in: without end where a parameter is a real number from a range. */
export function countDrawable(parameters: Record<string, Value[] | RandomRange>): number {
  return product(
    Object.entries(parameters).map(([path, values]) => {
      if (Array.isArray(values)) return values.length;
      return isInteger(path) ? values.to - values.from + 1 : Number.POSITIVE_INFINITY;
    }),
  );
}

const product = (counts: number[]) => counts.reduce((total, count) => total * count, 1);

function* gridPoints(parameters: Record<string, Value[] | GridRange>): Generator<SweepPoint> {
  const axes = Object.entries(parameters).map(([path, values]) => ({ path, values: gridValues(path, values) }));
  const index = axes.map(() => 0);
  for (;;) {
    yield Object.fromEntries(axes.map(({ path, values }, i) => [path, values[index[i]]]));
    let axis = axes.length - 1;
    while (axis >= 0 && ++index[axis] === axes[axis].values.length) index[axis--] = 0;
    if (axis < 0) return;
  }
}

function gridValues(path: string, values: Value[] | GridRange): Value[] {
  if (Array.isArray(values)) return values;
  const { from, to, count, scale } = values;
  const integer = isInteger(path);
  const [low, high] = scale === 'log' ? [log(from), log(to)] : [from, to];
  const spaced = Array.from({ length: count }, (_, i) => {
    const value = low + ((high - low) * i) / (count - 1);
    return tidy(scale === 'log' ? exp(value) : value, values, integer, 12);
  });
  // Rounding to integers can make neighbours equal.
  return [...new Set(spaced)];
}

function* randomPoints({
  samples,
  seed = 0,
  parameters,
}: Extract<SweepSpec, { type: 'random' }>): Generator<SweepPoint> {
  const random = new RandomState(seed);
  const axes = Object.entries(parameters).map(([path, values]) => ({ path, draw: drawing(path, values) }));
  const seen = Number.isFinite(countDrawable(parameters)) ? new Set<string>() : undefined;
  for (let drawn = 0; drawn < samples; ) {
    const point = Object.fromEntries(axes.map(({ path, draw }) => [path, draw(random)]));
    if (seen) {
      const { size } = seen;
      if (seen.add(JSON.stringify(point)).size === size) continue;
    }
    drawn += 1;
    yield point;
  }
}

function drawing(path: string, values: Value[] | RandomRange): (random: RandomState) => Value {
  if (Array.isArray(values)) return (random) => values[random.randint(0, values.length)];
  const integer = isInteger(path);
  // Half a step beyond both ends, so that the ends come up as often as other integers.
  const beyond = integer ? 0.5 : 0;
  const { from, to, scale } = values;
  if (scale !== 'log') return (random) => tidy(random.uniform(from - beyond, to + beyond), values, integer, 6);
  const [low, high] = [log(from - beyond), log(to + beyond)];
  return (random) => tidy(exp(random.uniform(low, high)), values, integer, 6);
}

/** Rounded to an integer, or to so many digits that 10^-3 is 0.001 and a draw can be read; never out of the range. */
function tidy(value: number, { from, to }: RandomRange, integer: boolean, digits: number): number {
  const rounded = integer ? Math.round(value) : Number(value.toPrecision(digits));
  return Math.min(to, Math.max(from, rounded));
}
