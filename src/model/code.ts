// Models as JavaScript: one module without imports that predicts what the backend `js` does, to the last bit.
import { SELU_ALPHA, SELU_SCALE } from '../nn/index.ts';
import { CodeModule, identifier } from './code-module.ts';
import { featuresCode } from './code-transformers.ts';
import { type AnyModel, type AnyPredictor, isPredictor, modelInfo, networkOf } from './info.ts';
import { type LayerPart, type NetworkPart, networksOf, type Rules, ruleFor, sharesOf } from './networks.ts';

/** The code for a layer whose input is in the variable x. */
type Rule = (layer: LayerPart, module: CodeModule) => string;

/** How layers are expressed at inference. */
export const codeLayers: Rules<Rule> = {
  dense: (layer, module) =>
    module.call('dense', 'x', layer.options.units, ...Object.keys(layer.arrays).map((own) => module.array(layer, own))),
  batchNormalization(layer, module) {
    const { movingVariance } = layer.arrays;
    const inverse = movingVariance.data.map((variance) => 1 / Math.sqrt(variance + layer.options.epsilon));
    const [mean, gamma, beta] = ['movingMean', 'gamma', 'beta'].map((own) => module.arrayOrNone(layer, own));
    return module.call('normalize', 'x', mean, module.constant(layer, 'inverse', inverse), gamma, beta);
  },
  layerNormalization(layer, module) {
    const [gamma, beta] = ['gamma', 'beta'].map((own) => module.arrayOrNone(layer, own));
    return module.call('layerNormalize', 'x', gamma, beta, layer.options.epsilon);
  },
  batchEnsemble(layer, module) {
    const { units, members, repeats } = layer.options;
    const arrays = ['kernel', 'inputScales', 'outputScales', 'bias'].map((own) => module.array(layer, own));
    return module.call('batchEnsemble', 'x', units, members, repeats, ...arrays);
  },
  memberDense(layer, module) {
    const { units, members } = layer.options;
    return module.call(
      'memberDense',
      'x',
      units,
      members,
      ...['kernel', 'bias'].map((own) => module.array(layer, own)),
    );
  },
  featureScale: (layer, module) => module.call('scale', 'x', module.array(layer, 'factors')),
  periodicEmbedding(layer, module) {
    const { terms, outputs } = layer.options;
    const arrays = ['frequencies', 'phases', 'kernel', 'bias'].map((own) => module.array(layer, own));
    return module.call('periodicEmbedding', 'x', terms, outputs, ...arrays);
  },
  dropout: () => 'x',
  alphaDropout: () => 'x',
  gaussianNoise: () => 'x',
  gaussianDropout: () => 'x',
  residual(layer, module) {
    const { name, options, arrays, inner } = layer;
    const what = 'What the layers inside a residual block compute.';
    const branch = module.layers(identifier(name), what, stepsOf(module, inner));
    const carried = arrays.projection
      ? module.call('dense', 'x', arrays.projection.shape[1], module.array(layer, 'projection'))
      : 'x';
    return module.call('addScaled', carried, `${branch}(x)`, options.survivalProbability);
  },
  relu: (_, module) => module.call('relu', 'x'),
  leakyRelu: ({ options }, module) => module.call('leakyRelu', 'x', options.negativeSlope),
  elu: ({ options }, module) => module.call('elu', 'x', options.alpha, 1),
  selu: (_, module) => module.call('elu', 'x', SELU_ALPHA, SELU_SCALE),
  gelu: (_, module) => module.call('gelu', 'x'),
  silu: (_, module) => module.call('silu', 'x'),
  mish: (_, module) => module.call('mish', 'x'),
  tanh: (_, module) => module.call('tanh', 'x'),
  sigmoid: (_, module) => module.call('sigmoid', 'x'),
  softplus: (_, module) => module.call('softplus', 'x'),
};

/** The assignments of layers, one behind the other. */
const stepsOf = (module: CodeModule, layers: readonly LayerPart[]) =>
  layers.map((layer) => ruleFor('exportCode', codeLayers, layer)(layer, module));

/**
 * A model as the text of one JavaScript module without imports. It exports `predict(features)` for one sample: the class's name
 * where the model has `classNames` and else its index; 0 and 1 for each label; or the predictions of real targets; and, but
 * for real targets, `predictProbabilities(features)`. They are those of the backend `js`, to the last bit.
 *
 * A predictor is exported with its preprocessing: both functions take a row, an object of raw values by column, or a list of rows, and return
 * what the predictor's own do, for each. A `Sequential` takes what its own `predict` takes.
 *
 * @throws ParameterError for a layer, a loss or a transformer that cannot be expressed, such as one of your own.
 * @example
 * ```js
 * import { dense, relu, sequential } from 'regulus';
 * import { exportCode } from 'regulus/model';
 *
 * const code = exportCode(sequential({ inputSize: 2, layers: [dense(4), relu(), dense(2)] }));
 * const { predict } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
 * console.log(predict([0.5, -1])); // 0 or 1
 * ```
 */
export function exportCode(model: AnyModel): string {
  const where = 'exportCode';
  const networks = networksOf(where, model);
  const module = new CodeModule();
  const names = networks.map((_, i) => (networks.length > 1 ? `outputs${i + 1}` : 'outputs'));
  networks.forEach(({ layers }, i) => {
    const which = networks.length > 1 ? ` of model ${i + 1}` : '';
    module.layers(names[i], `What the last layer${which} computes.`, stepsOf(module, layers));
  });
  const predictions = predictionCode(model, networks, names, module);
  const { classNames, featureNames } = modelInfo(model);
  const columns = isPredictor(model) ? model.columns.map(({ name }) => name) : undefined;
  const known = Object.entries({ classNames, columns, featureNames: columns ? undefined : featureNames });
  return [
    `// A model that Regulus ${__VERSION__} has exported. It needs nothing else: import { predict } from this file.`,
    ...(columns ? [] : [`// Number of features of a sample.\nexport const inputSize = ${networkOf(model).inputSize};`]),
    ...known.flatMap(([name, list]) => (list ? [`export const ${name} = ${module.text(list)};`] : [])),
    ...(isPredictor(model) ? rowsCode(where, model, module) : []),
    ...predictions,
    ...module.parts,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** The functions of the classes or numbers, and of the probabilities: exported, unless those of rows are. */
function predictionCode(
  model: AnyModel,
  networks: readonly NetworkPart[],
  names: readonly string[],
  module: CodeModule,
) {
  const { task } = model;
  const isOfRows = isPredictor(model);
  const [predict, probabilitiesOf] = isOfRows ? ['outcome', 'probabilities'] : ['predict', 'predictProbabilities'];
  const made = (name: string, what: string, code: string) =>
    `// ${what}\n${isOfRows ? '' : 'export '}function ${name}(features) {\n  return ${code};\n}`;
  const outputsOf = ({ features }: NetworkPart, i: number) =>
    `${names[i]}(features${features ? `.slice(${features.join(', ')})` : ''})`;
  const probabilities = networks.map((network, i) => {
    const { link, members } = network;
    const predictions = (outputs: string) => {
      if (link === 'identity') return outputs;
      const p = module.call(link, outputs);
      return link === 'sigmoid' && task === 'classification' ? module.call('bothClasses', p) : p;
    };
    const outputs = outputsOf(network, i);
    return members > 1
      ? module.call('mean', `${module.call('memberParts', outputs, members)}.map((x) => ${predictions('x')})`)
      : predictions(outputs);
  });
  const given = sharesOf(networks) ? [module.text(networks.map(({ weight }) => weight))] : [];
  const all = networks.length > 1 ? module.call('mean', `[${probabilities.join(', ')}]`, ...given) : probabilities[0];
  if (task === 'regression') return [made(predict, 'The predictions for one sample, a list of numbers.', all)];
  // Of the outputs themselves where there is one network, because probabilities may be equal where outputs are not.
  const isOne = networks.length === 1 && networks[0].members === 1;
  const decided = isOne ? outputsOf(networks[0], 0) : `${probabilitiesOf}(features)`;
  const threshold = isOne ? 0 : 0.5;
  const label =
    task === 'multiLabel'
      ? `Array.from(${decided}, (value) => (value > ${threshold} ? 1 : 0))`
      : networks[0].link === 'sigmoid' && isOne
        ? `${decided}[0] > 0 ? 1 : 0`
        : module.call('argmax', decided);
  const isNamed = !isOfRows && task === 'classification' && modelInfo(model).classNames !== undefined;
  const what =
    task === 'multiLabel'
      ? '0 or 1 for each label of one sample.'
      : `The ${isNamed ? 'name' : 'index'} of the class of one sample.`;
  return [
    made(predict, what, isNamed ? `classNames[${label}]` : label),
    made(probabilitiesOf, 'The probabilities for one sample, a Float32Array.', all),
  ];
}

/** The exported functions of a predictor, and what makes features of a row. */
function rowsCode(where: string, predictor: AnyPredictor, module: CodeModule): string[] {
  const exported = (name: string, what: string, result: string) =>
    `// ${what} a row, an object of values by column; for a list of rows, a list.
export function ${name}(rows) {
  if (Array.isArray(rows)) return rows.map((row) => ${name}(row));
  ${result};
}`;
  const { classes, classNames, outputNames, range } = predictor;
  const within = range ? `Math.min(Math.max(value, ${range[0]}), ${range[1]})` : 'value';
  const byName = (name: string, what: string, result: string, names: string) =>
    exported(
      name,
      what,
      `const all = ${result}(features(rows));\n  return Object.fromEntries(${names}.map((name, k) => [name, all[k]]))`,
    );
  const predict = classes
    ? [
        `// The classes as they stand in the table.\nconst classes = ${module.text(classes)};`,
        exported('predict', 'The class of', 'return classes[outcome(features(rows))]'),
      ]
    : outputNames
      ? [
          `const outputNames = ${module.text(outputNames)};`,
          byName('predict', 'The predictions by name for', 'outcome', 'outputNames'),
        ]
      : [exported('predict', 'The prediction for', `const [value] = outcome(features(rows));\n  return ${within}`)];
  const probabilities = classNames
    ? [byName('predictProbabilities', 'The probabilities by name for', 'probabilities', 'classNames')]
    : [];
  return [...predict, ...probabilities, featuresCode(where, module, predictor)];
}
