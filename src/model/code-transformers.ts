// The preprocessing of a table as JavaScript: a function that makes the features of a row.
import { normalCoefficients, normalQuantile, QUANTILE_BOUND } from '../preprocessing/index.ts';
import type { CodeModule } from './code-module.ts';
import type { AnyPredictor } from './info.ts';
import type { Rules } from './networks.ts';
import { oneHotPlaces, ordinalCodes, preprocessed, type TransformerPart } from './preprocessing.ts';

/** The code of what a transformer makes of the columns in the list `x`. */
type Rule = (module: CodeModule, x: string, transformer: TransformerPart) => string;

const standardized =
  (center: string, withCenter: string, withScale: string): Rule =>
  (module, x, { options, state }) => {
    const centers = options[withCenter] ? state[center] : state[center].map(() => 0);
    const scales = options[withScale] ? state.scale : state.scale.map(() => 1);
    return module.call('standardize', x, module.list('center', centers), module.list('scale', scales));
  };

const encoded =
  (name: 'oneHot' | 'ordinal', codesOf: (transformer: TransformerPart, j: number) => object): Rule =>
  (module, x, transformer) => {
    const columns = Array.from(transformer.state.categories, (_, j) => codesOf(transformer, j));
    return module.call(name, x, module.list('categories', columns));
  };

/** How transformers are expressed. */
export const codeTransformers: Rules<Rule> = {
  StandardScaler: standardized('mean', 'withMean', 'withStd'),
  RobustScaler: standardized('center', 'withCentering', 'withScaling'),
  MinMaxScaler(module, x, { options, state }) {
    const mapped = module.call('mapToRange', x, module.list('scale', state.scale), module.list('min', state.min));
    return options.clip ? module.call('clip', mapped, ...options.featureRange) : mapped;
  },
  SmoothClipScaler: (module, x, { options, state }) =>
    module.call('smoothClip', x, module.list('center', state.center), module.list('scale', state.scale), options.limit),
  AsinhScaler: (module, x, { options, state }) =>
    module.call(
      'asinh',
      x,
      module.list('center', state.center),
      module.list('scale', state.scale),
      options.linearWidth,
    ),
  PowerTransformer(module, x, { options, state }) {
    const raised = module.call('power', x, module.list('lambdas', state.lambdas), module.text(options.method));
    if (!options.standardize) return raised;
    return module.call('standardize', raised, module.list('mean', state.mean), module.list('scale', state.scale));
  },
  QuantileTransformer(module, x, { options, state }) {
    const isNormal = options.outputDistribution === 'normal';
    const shares = module.call('ranks', x, module.list('quantiles', state.quantiles), isNormal ? QUANTILE_BOUND : 0);
    if (!isNormal) return shares;
    const greatest = -normalQuantile(QUANTILE_BOUND - Number.EPSILON);
    return module.call('normalQuantiles', shares, module.list('coefficients', normalCoefficients), greatest);
  },
  SimpleImputer(module, x, { options, state }) {
    const marked = state.hasMissing.flatMap((has: boolean, j: number) => (options.addIndicator && has ? [j] : []));
    return module.call(
      'impute',
      x,
      module.list('values', state.statistics),
      module.text(marked),
      module.text(options.missingValues),
    );
  },
  OneHotEncoder: encoded('oneHot', oneHotPlaces),
  OrdinalEncoder: encoded('ordinal', ordinalCodes),
};

const readers = {
  number: 'readNumber',
  boolean: 'readBoolean',
  date: 'readDate',
  category: 'readText',
  text: 'readText',
} as const;

/** The code of a function `features(row)`, and of what it needs to know of the table. */
export function featuresCode(where: string, module: CodeModule, predictor: AnyPredictor): string {
  const cells = predictor.columns.map(({ name, type }) => module.call(readers[type], 'row', module.text(name)));
  const features = preprocessed(where, predictor, 'cells', {
    writer: module,
    rules: codeTransformers,
    select: (x, positions) => module.call('select', x, module.text(positions)),
    join: (parts) =>
      parts.length === 1 ? parts[0] : `[\n    ${parts.map((part) => `...${part},`).join('\n    ')}\n  ]`,
  });
  const { missingValues } = predictor.toJSON();
  return `// The spellings of a missing value.
const missingValues = new Set(${module.text(missingValues)});

// What the network is given: the values of a row as numbers.
function features(row) {
  const cells = [
    ${cells.join(',\n    ')},
  ];
  return ${features};
}`;
}
