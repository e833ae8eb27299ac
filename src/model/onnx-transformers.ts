// The preprocessing of a table as ONNX: an input for each column, computed in float64 as here, and float32 features at the end.
import { numericTypes } from '../data/index.ts';
import { type Category, normalCoefficients, QUANTILE_BOUND, quantileRank } from '../preprocessing/index.ts';
import type { AnyPredictor } from './info.ts';
import type { Rules } from './networks.ts';
import { cast, type Graph, integer } from './onnx-graph.ts';
import { oneHotPlaces, ordinalCodes, preprocessed, type TransformerPart } from './preprocessing.ts';

/** A column of numbers: one of those that a value (batch, size) holds. */
interface NumberColumn {
  readonly value: string;
  readonly size: number;
  readonly at: number;
}

/** A column of texts. ONNX changes no texts, so what is done to them is kept until they become numbers. */
interface TextColumn {
  readonly input: string;
  /** Texts that are more than themselves, as the spellings of a missing value. */
  readonly special: ReadonlySet<string>;
  /** What a text of the input stands for. */
  read(text: string): Category;
}

type Column = NumberColumn | TextColumn;

const isText = (column: Column): column is TextColumn => 'input' in column;

/** The columns of a value. */
const columnsOf = (value: string, size: number): Column[] =>
  Array.from({ length: size }, (_, at) => ({ value, size, at }));

/** Columns of numbers as one value (batch, columns). */
function matrixOf(graph: Graph, columns: readonly Column[]): string {
  const parts: NumberColumn[][] = [];
  for (const column of columns as readonly NumberColumn[]) {
    const last = parts.at(-1);
    if (last?.[0].value === column.value) last.push(column);
    else parts.push([column]);
  }
  const values = parts.map((part) => {
    const [{ value, size }] = part;
    if (part.length === size && part.every(({ at }, i) => at === i)) return value;
    const positions = part.map(({ at }) => at);
    return graph.node('Gather', [value, graph.indices('columns', positions)], [integer('axis', 1)]);
  });
  return values.length === 1 ? values[0] : graph.node('Concat', values, [integer('axis', 1)]);
}

type Operand = string | number | readonly number[];

/** The operators on numbers, for values and constants. */
function arithmetic(graph: Graph) {
  const nameOf = (x: Operand) => (typeof x === 'string' ? x : constantOf(graph, [x].flat() as number[]));
  return <const T extends string>(type: T, ...operands: Operand[]) => graph.node(type, operands.map(nameOf));
}

const constantOf = (graph: Graph, values: readonly number[]) =>
  graph.constant('constant', [values.length], Float64Array.from(values));

/** Adds the nodes of a transformer, and returns the columns that it makes. */
type Rule = (graph: Graph, columns: readonly Column[], transformer: TransformerPart) => Column[];

/** A transformer of all its columns alike. */
const ofNumbers =
  (
    change: (calculate: ReturnType<typeof arithmetic>, x: string, transformer: TransformerPart, graph: Graph) => string,
  ): Rule =>
  (graph, columns, transformer) =>
    columnsOf(change(arithmetic(graph), matrixOf(graph, columns), transformer, graph), columns.length);

/** How transformers are expressed. */
export const onnxTransformers: Rules<Rule> = {
  StandardScaler: ofNumbers((calculate, x, { options, state }) => {
    const centered = options.withMean ? calculate('Sub', x, state.mean) : x;
    return options.withStd ? calculate('Div', centered, state.scale) : centered;
  }),
  MinMaxScaler: ofNumbers((calculate, x, { options, state }) => {
    const mapped = calculate('Add', calculate('Mul', x, state.scale), state.min);
    return options.clip ? clipped(calculate, mapped, options.featureRange) : mapped;
  }),
  RobustScaler: ofNumbers((calculate, x, { options, state }) => {
    const centered = options.withCentering ? calculate('Sub', x, state.center) : x;
    return options.withScaling ? calculate('Div', centered, state.scale) : centered;
  }),
  SmoothClipScaler: ofNumbers((calculate, x, { options, state }) => {
    const far = GREATEST * options.limit;
    const z = clipped(calculate, calculate('Div', calculate('Sub', x, state.center), state.scale), [-far, far]);
    const part = calculate('Div', z, options.limit);
    return calculate('Div', z, calculate('Sqrt', calculate('Add', calculate('Mul', part, part), 1)));
  }),
  AsinhScaler: ofNumbers((calculate, x, { options: { linearWidth }, state }) => {
    const z = calculate('Div', calculate('Div', calculate('Sub', x, state.center), state.scale), linearWidth);
    const size = calculate('Abs', z);
    const near = calculate('Min', size, GREATEST);
    const root = calculate('Max', size, calculate('Sqrt', calculate('Add', calculate('Mul', near, near), 1)));
    const far = calculate('Mul', calculate('Log', calculate('Add', size, root)), linearWidth);
    return calculate('Mul', calculate('Sign', z), far);
  }),
  PowerTransformer: ofNumbers((calculate, x, { options, state }) => {
    const raised =
      options.method === 'box-cox'
        ? boxCox(calculate, calculate('Log', x), state.lambdas)
        : yeoJohnson(calculate, x, state.lambdas);
    return options.standardize ? calculate('Div', calculate('Sub', raised, state.mean), state.scale) : raised;
  }),
  QuantileTransformer: (graph, columns, { options, state }) => {
    const calculate = arithmetic(graph);
    const isNormal = options.outputDistribution === 'normal';
    const shares = columns.map((column, j) =>
      shareOf(graph, matrixOf(graph, [column]), state.quantiles[j], isNormal ? QUANTILE_BOUND : 0),
    );
    const all = matrixOf(
      graph,
      shares.flatMap((share) => columnsOf(share, 1)),
    );
    return columnsOf(isNormal ? normalQuantile(calculate, all) : all, columns.length);
  },
  SimpleImputer(graph, columns, { options, state }) {
    const { missingValues: marker, addIndicator } = options;
    const missing = (category: Category) => category === marker;
    const filled = columns.map((column, j): { column: Column; mark(): string } => {
      const fill = state.statistics[j];
      if (isText(column)) {
        const read = (text: string) => (missing(column.read(text)) ? fill : column.read(text));
        const special = new Set([...column.special, ...(marker === null ? [] : [String(marker)])]);
        const marks = new Map([...special].map((text) => [text, Number(missing(column.read(text)))]));
        return {
          column: { ...column, special, read },
          mark: () => cast(graph, graph.lookUp(column.input, marks, 0), 'double'),
        };
      }
      const calculate = arithmetic(graph);
      const x = matrixOf(graph, [column]);
      const isMissing =
        marker === null
          ? calculate('IsNaN', x)
          : calculate('Equal', x, typeof marker === 'number' ? marker : Number.NaN);
      const value = fill === null ? x : calculate('Where', isMissing, fill, x);
      return { column: { value, size: 1, at: 0 }, mark: () => cast(graph, isMissing, 'double') };
    });
    return [
      ...filled.filter((_, j) => state.statistics[j] !== null).map(({ column }) => column),
      ...filled.filter((_, j) => addIndicator && state.hasMissing[j]).flatMap(({ mark }) => columnsOf(mark(), 1)),
    ];
  },
  OneHotEncoder: (graph, columns, transformer) =>
    columns.flatMap((column, j) => {
      const { categories, places, width } = oneHotPlaces(transformer, j);
      if (width === 0) return [];
      const place = graph.node('Gather', [graph.indices('places', places), indexOf(graph, column, categories)]);
      const all = graph.indices(
        'columns',
        Array.from({ length: width }, (_, k) => k),
      );
      return columnsOf(cast(graph, graph.node('Equal', [place, all]), 'double'), width);
    }),
  OrdinalEncoder: (graph, columns, transformer) =>
    columns.flatMap((column, j) => {
      const { categories, codes } = ordinalCodes(transformer, j);
      return columnsOf(graph.node('Gather', [constantOf(graph, codes), indexOf(graph, column, categories)]), 1);
    }),
};

/**
 * The index of each category, and for others the number of categories: a `Gather` from a list without an entry for these is an error
 * of the runtime, as it must be for `handleUnknown: 'error'`.
 */
function indexOf(graph: Graph, column: Column, categories: readonly Category[]): string {
  const unknown = categories.length;
  const place = (category: Category) => (categories.includes(category) ? categories.indexOf(category) : unknown);
  if (isText(column)) {
    const keys = [...column.special, ...categories.filter((category) => typeof category === 'string')];
    return graph.lookUp(column.input, new Map(keys.map((key) => [key, place(column.read(key))])), unknown);
  }
  const calculate = arithmetic(graph);
  const x = matrixOf(graph, [column]);
  // One comparison is true at most; its distance to the end is subtracted.
  const numbers = categories.map((category) => (typeof category === 'number' ? category : Number.NaN));
  const isOne = cast(graph, calculate('Equal', x, numbers), 'double');
  const fromEnd = Float64Array.from(categories, (_, k) => unknown - k);
  const distances = graph.constant('distances', [unknown, 1], fromEnd);
  const isMissing = cast(graph, calculate('IsNaN', x), 'double');
  const distance = graph.node('MatMul', [isOne, distances]);
  const known = graph.node('Add', [distance, calculate('Mul', isMissing, unknown - place(null))]);
  return cast(graph, calculate('Sub', unknown, known), 'int64');
}

/** Beyond it, the square of a number is none in float32. */
const GREATEST = 1e18;

type Calculate = ReturnType<typeof arithmetic>;

const clipped = (calculate: Calculate, x: string, [low, high]: readonly number[]) =>
  calculate('Min', calculate('Max', x, low), high);

/** (base ** λ − 1) / λ, or its limit; `logarithm` is that of the base. */
function boxCox(calculate: Calculate, logarithm: string, lambda: Operand): string {
  const raised = calculate('Div', calculate('Sub', calculate('Exp', calculate('Mul', lambda, logarithm)), 1), lambda);
  return calculate('Where', calculate('Less', calculate('Abs', lambda), Number.EPSILON), logarithm, raised);
}

function yeoJohnson(calculate: Calculate, x: string, lambdas: readonly number[]): string {
  const logarithm = calculate('Log', calculate('Add', calculate('Abs', x), 1));
  const isNegative = calculate('Less', x, 0);
  const mirrored = lambdas.map((value) => 2 - value);
  const lambda = calculate('Where', isNegative, mirrored, lambdas);
  const raised = boxCox(calculate, logarithm, lambda);
  return calculate('Where', isNegative, calculate('Neg', raised), raised);
}

/** The share of training values below x, interpolated between the quantiles next to it. */
function shareOf(graph: Graph, x: string, quantiles: readonly number[], bound: number): string {
  const calculate = arithmetic(graph);
  const last = quantiles.length - 1;
  if (last === 0)
    return calculate('Where', calculate('IsNaN', x), x, calculate('Where', calculate('Greater', x, quantiles), 1, 0));
  const ranks = quantiles.map((_, i) => quantileRank(i, quantiles.length));
  const count = (comparison: string) => {
    const axis = graph.indices('axis', [1]);
    return graph.node('ReduceSum', [cast(graph, calculate(comparison, x, quantiles), 'double'), axis]);
  };
  const at = (index: string) => {
    const within = cast(graph, clipped(calculate, index, [0, last]), 'int64');
    return [quantiles, ranks].map((list) => graph.node('Gather', [constantOf(graph, list), within]));
  };
  const [low, lowRank] = at(calculate('Sub', count('GreaterOrEqual'), 1));
  const [high, highRank] = at(count('Greater'));
  const width = calculate('Sub', high, low);
  const isTie = calculate('Equal', width, 0);
  const share = calculate('Div', calculate('Sub', x, low), calculate('Where', isTie, 1, width));
  const part = calculate('Where', isTie, 0.5, share);
  const inside = calculate('Add', lowRank, calculate('Mul', part, calculate('Sub', highRank, lowRank)));
  const [least, most] = [quantiles[0], quantiles[last]];
  const isBelow = calculate('Less', calculate('Sub', x, bound), least);
  const isLeast = calculate('Or', isBelow, calculate('LessOrEqual', x, least));
  const isAbove = calculate('Greater', calculate('Add', x, bound), most);
  const isMost = calculate('Or', isAbove, calculate('GreaterOrEqual', x, most));
  const bounded = calculate('Where', isLeast, 0, calculate('Where', isMost, 1, inside));
  return calculate('Where', calculate('IsNaN', x), x, bounded);
}

/** AS 241, as `normal.ts` has it. */
function normalQuantile(calculate: Calculate, share: string): string {
  const end = QUANTILE_BOUND - Number.EPSILON;
  const p = clipped(calculate, share, [end, 1 - end]);
  const ratio = ([numerator, denominator]: readonly (readonly number[])[], x: string) => {
    const at = ([...coefficients]: readonly number[]) => {
      const last: Operand = coefficients.pop()!;
      return coefficients.reduceRight<Operand>((sum, c) => calculate('Add', calculate('Mul', sum, x), c), last);
    };
    return calculate('Div', at(numerator), at(denominator));
  };
  const q = calculate('Sub', p, 0.5);
  const centerRatio = ratio(normalCoefficients.center, calculate('Sub', 0.180625, calculate('Mul', q, q)));
  const center = calculate('Mul', q, centerRatio);
  const r = calculate('Sqrt', calculate('Neg', calculate('Log', calculate('Min', p, calculate('Sub', 1, p)))));
  const [tail, far] = [
    ratio(normalCoefficients.tail, calculate('Sub', r, 1.6)),
    ratio(normalCoefficients.far, calculate('Sub', r, 5)),
  ];
  const outside = calculate('Mul', calculate('Sign', q), calculate('Where', calculate('LessOrEqual', r, 5), tail, far));
  return calculate('Where', calculate('LessOrEqual', calculate('Abs', q), 0.425), center, outside);
}

/** The inputs of the graph, and the features that the network is given. */
export function onnxFeatures(where: string, graph: Graph, predictor: AnyPredictor): string {
  const missing = new Set(predictor.toJSON().missingValues);
  const inputs = predictor.columns.map(({ name, type }): Column => {
    const isNumber = numericTypes.includes(type);
    const input = graph.input(name, isNumber ? 'double' : 'string', ['batch', 1]);
    return isNumber
      ? { value: input, size: 1, at: 0 }
      : { input, special: missing, read: (text) => (missing.has(text) ? null : text) };
  });
  const features = preprocessed(where, predictor, inputs, {
    writer: graph,
    rules: onnxTransformers,
    select: (columns, positions) => positions.map((j) => columns[j]),
    join: (parts) => parts.flat(),
  });
  return cast(graph, matrixOf(graph, features), 'float', 'features');
}
