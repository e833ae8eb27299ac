// Models as JavaScript: one module without imports that predicts what the backend `js` does, to the last bit.
import { SELU_ALPHA, SELU_SCALE } from '../nn/index.ts';
import { type FunctionName, functions } from './code-functions.ts';
import { type AnyModel, modelInfo, networkOf } from './info.ts';
import { type LayerPart, type NetworkPart, networksOf, type Rules, ruleFor } from './networks.ts';

/** The code for a layer whose input is in the variable x. */
type Rule = (layer: LayerPart, module: Module) => string;

/** How layers are expressed at inference. */
export const codeLayers: Rules<Rule> = {
  dense: (layer, module) =>
    module.call('dense', 'x', layer.options.units, ...Object.keys(layer.arrays).map((own) => module.array(layer, own))),
  batchNormalization(layer, module) {
    const { movingVariance } = layer.arrays;
    const inverse = movingVariance.data.map((variance) => 1 / Math.sqrt(variance + layer.options.epsilon));
    const [mean, gamma, beta] = ['movingMean', 'gamma', 'beta'].map((own) => module.array(layer, own));
    return module.call('normalize', 'x', mean, module.constant(layer, 'inverse', inverse), gamma, beta);
  },
  layerNormalization(layer, module) {
    const [gamma, beta] = ['gamma', 'beta'].map((own) => module.array(layer, own));
    return module.call('layerNormalize', 'x', gamma, beta, layer.options.epsilon);
  },
  dropout: () => 'x',
  alphaDropout: () => 'x',
  gaussianNoise: () => 'x',
  gaussianDropout: () => 'x',
  residual(layer, module) {
    const { name, options, arrays, inner } = layer;
    const branch = module.layers(identifier(name), 'What the layers inside a residual block compute.', inner);
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

/** The name of a layer or an array as that of a variable. */
const identifier = (name: string) => name.replaceAll('.', '_');

/** A module that is written part by part. */
class Module {
  readonly #constants: string[] = [];
  readonly #used = new Set<string>();
  readonly #bodies: string[] = [];

  /** Adds a function that computes layers one behind the other, and returns its name. */
  layers(name: string, what: string, layers: readonly LayerPart[]): string {
    const steps = layers
      .map((layer) => ruleFor('exportCode', codeLayers, layer)(layer, this))
      .filter((step) => step !== 'x');
    const lines = steps.map((step) => `  x = ${step};\n`).join('');
    this.#bodies.push(`// ${what}
function ${name}(features) {
  let x = Float32Array.from(features);
${lines}  return x;
}`);
    return name;
  }

  /** A call of one of the functions, which the module then has. */
  call(name: FunctionName, ...values: (string | number)[]): string {
    this.#use(name);
    return `${name}(${values.join(', ')})`;
  }

  #use(name: FunctionName): void {
    this.#used.add(name);
    for (const called of functions[name].calls) this.#use(called as FunctionName);
  }

  /** Float32 numbers as a constant of the module; returns its name. */
  constant({ name: layer }: LayerPart, own: string, values: Float32Array): string {
    const name = identifier(`${layer}_${own}`);
    this.#constants.push(`const ${name} = new Float32Array([${Array.from(values, shortest).join(', ')}]);`);
    return name;
  }

  array(layer: LayerPart, own: string): string {
    return this.constant(layer, own, layer.arrays[own].data);
  }

  /** What layers compute, the constants, and the functions that are called. */
  get parts(): string[] {
    const sources = Object.entries(functions).filter(([name]) => this.#used.has(name));
    return [...this.#bodies, this.#constants.join('\n'), ...sources.map(([, { source }]) => source)];
  }
}

/** The shortest decimal number that is this float32. */
function shortest(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/**
 * A model as the text of one JavaScript module without imports. It exports `predict(features)` for one sample: the class's name
 * where the model has `classNames` and else its index; 0 and 1 for each label; or the predictions of real targets; and, but
 * for real targets, `predictProbabilities(features)`. They are those of the backend `js`, to the last bit.
 *
 * @throws ParameterError for a layer or a loss that cannot be expressed, such as one of your own.
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
  const module = new Module();
  const names = networks.map((_, i) => (networks.length > 1 ? `outputs${i + 1}` : 'outputs'));
  networks.forEach(({ layers }, i) => {
    module.layers(names[i], `What the last layer${networks.length > 1 ? ` of model ${i + 1}` : ''} computes.`, layers);
  });
  const predictions = predictionCode(model, networks, names, module);
  const { classNames, featureNames } = modelInfo(model);
  const known = Object.entries({ classNames, featureNames }).filter(([, list]) => list);
  return [
    `// A model that Regulus ${__VERSION__} has exported. It needs nothing else: import { predict } from this file.`,
    `// Number of features of a sample.\nexport const inputSize = ${networkOf(model).inputSize};`,
    ...known.map(([name, list]) => `export const ${name} = ${JSON.stringify(list).replaceAll('<', '\\u003c')};`),
    ...predictions,
    ...module.parts,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** The exported functions. */
function predictionCode(model: AnyModel, networks: readonly NetworkPart[], names: readonly string[], module: Module) {
  const { task } = model;
  const probabilities = networks.map(({ link }, i) => {
    const outputs = `${names[i]}(features)`;
    if (link === 'identity') return outputs;
    if (link === 'softmax') module.call('argmax');
    const p = module.call(link, outputs);
    return link === 'sigmoid' && task === 'classification' ? module.call('bothClasses', p) : p;
  });
  const all = networks.length > 1 ? module.call('mean', `[${probabilities.join(', ')}]`) : probabilities[0];
  if (task === 'regression') return [exported('predict', 'The predictions for one sample, a list of numbers.', all)];
  // Of the outputs themselves where there is one network, because probabilities may be equal where outputs are not.
  const isOne = networks.length === 1;
  const decided = isOne ? 'outputs(features)' : 'predictProbabilities(features)';
  const threshold = isOne ? 0 : 0.5;
  const label =
    task === 'multiLabel'
      ? `Array.from(${decided}, (value) => (value > ${threshold} ? 1 : 0))`
      : networks[0].link === 'sigmoid' && isOne
        ? `${decided}[0] > 0 ? 1 : 0`
        : module.call('argmax', decided);
  const isNamed = task === 'classification' && modelInfo(model).classNames !== undefined;
  const what =
    task === 'multiLabel'
      ? '0 or 1 for each label of one sample.'
      : `The ${isNamed ? 'name' : 'index'} of the class of one sample.`;
  return [
    exported('predict', what, isNamed ? `classNames[${label}]` : label),
    exported('predictProbabilities', 'The probabilities for one sample, a Float32Array.', all),
  ];
}

const exported = (name: string, what: string, code: string) =>
  `// ${what}\nexport function ${name}(features) {\n  return ${code};\n}`;
