// Models in the layers format of TensorFlow.js: written, and read.
import { catalog } from '../catalog/index.ts';
import type { Matrix } from '../data/index.ts';
import {
  checkOptions,
  type Description,
  fail,
  formatError,
  fromJson,
  kind,
  ParameterError,
  show,
  toBytes,
} from '../errors/index.ts';
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from '../nn/index.ts';
import { transformers } from '../preprocessing/index.ts';
import { concatenate } from '../protobuf/index.ts';
import { type Sequential, sequential, type Weights } from '../train/index.ts';
import { type AnyModel, type AnyPredictor, isPredictor, networkOf } from './info.ts';
import {
  type LayerPart,
  type Link,
  links,
  type NetworkPart,
  networksOf,
  type Rules,
  ruleFor,
  sharesOf,
} from './networks.ts';
import { isObject, parseJson } from './parse-json.ts';
import { type PreprocessingRule, preprocessed } from './preprocessing.ts';
import { bytesOf } from './safetensors.ts';

type Json = Readonly<Record<string, unknown>>;

/** A layer there: its class, its configuration and how its arrays are called, by our names. */
interface Rule {
  className: string;
  /** Theirs, of our options. */
  // biome-ignore lint/suspicious/noExplicitAny: a rule knows the options of its own layer.
  config?(options: any): Json;
  /** Why options cannot be expressed. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  refuses?(options: any): string | undefined;
  /** Our options, of theirs. */
  options?(config: Json): Json;
  /** Their names. */
  arrays?: Readonly<Record<string, string>>;
  /** Adds a layer that is several ones there, and returns the name of the last. */
  expand?(layer: LayerPart, input: string, graph: Graph): string;
}

const activation = (name: string): Rule => ({ className: 'Activation', config: () => ({ activation: name }) });

/** How layers are expressed. What matters in training alone, such as initializers and penalties, is left out. */
export const tensorflowLayers: Rules<Rule> = {
  dense: {
    className: 'Dense',
    config: ({ units, useBias }) => ({ units, use_bias: useBias, activation: 'linear' }),
    options: ({ units, use_bias }) => ({ units, useBias: use_bias }),
    arrays: { kernel: 'kernel', bias: 'bias' },
  },
  batchNormalization: {
    className: 'BatchNormalization',
    config: ({ momentum, epsilon, center, scale }) => ({ axis: -1, momentum, epsilon, center, scale }),
    options: ({ momentum, epsilon, center, scale }) => ({ momentum, epsilon, center, scale }),
    arrays: {
      gamma: 'gamma',
      beta: 'beta',
      movingMean: 'moving_mean',
      movingVariance: 'moving_variance',
    },
  },
  layerNormalization: {
    className: 'LayerNormalization',
    config: ({ epsilon, center, scale }) => ({ axis: -1, epsilon, center, scale }),
    options: ({ epsilon, center, scale }) => ({ epsilon, center, scale }),
    arrays: { gamma: 'gamma', beta: 'beta' },
  },
  batchEnsemble: 'TensorFlow.js has no layer of factors.',
  memberDense: 'TensorFlow.js has no layer with a kernel for each member.',
  featureScale: 'TensorFlow.js has no layer of factors.',
  periodicEmbedding: 'TensorFlow.js has no layer with a cosine.',
  dropout: {
    className: 'Dropout',
    // A schedule is for training here.
    config: ({ rate }) => ({ rate: typeof rate === 'number' ? rate : 0 }),
    options: ({ rate }) => ({ rate }),
  },
  alphaDropout: { className: 'AlphaDropout', config: ({ rate }) => ({ rate }), options: ({ rate }) => ({ rate }) },
  gaussianNoise: {
    className: 'GaussianNoise',
    config: ({ stddev }) => ({ stddev }),
    options: ({ stddev }) => ({ stddev }),
  },
  gaussianDropout: {
    className: 'GaussianDropout',
    config: ({ rate }) => ({ rate }),
    options: ({ rate }) => ({ rate }),
  },
  residual: {
    className: 'Add',
    expand({ name, options, arrays: { projection: kernel }, inner }, input, graph) {
      const branch = graph.layers(inner, input);
      const { survivalProbability: scale } = options;
      const scaled =
        scale === 1 ? branch : graph.add('Rescaling', { name: `${name}.scaled`, scale, offset: 0 }, [branch]);
      const projection = {
        ...{ type: 'dense', name: `${name}.projection`, arrays: { kernel }, inner: [] },
        options: { units: kernel?.shape[1], useBias: false },
      };
      return graph.add('Add', { name }, [kernel ? graph.layer(projection, input) : input, scaled]);
    },
  },
  relu: activation('relu'),
  leakyRelu: {
    className: 'LeakyReLU',
    config: ({ negativeSlope }) => ({ alpha: negativeSlope }),
    options: ({ alpha, negative_slope }) => ({ negativeSlope: alpha ?? negative_slope }),
  },
  elu: {
    ...activation('elu'),
    refuses: ({ alpha }) => (alpha === 1 ? undefined : 'TensorFlow.js has it with alpha 1 alone.'),
  },
  selu: activation('selu'),
  gelu: activation('gelu'),
  silu: activation('swish'),
  mish: activation('mish'),
  tanh: activation('tanh'),
  sigmoid: activation('sigmoid'),
  softplus: activation('softplus'),
};

/** A feature: (column − center) · factor + offset. */
interface Scaled {
  /** The position of the column. */
  readonly column: number;
  readonly center: number;
  readonly factor: number;
  readonly offset: number;
}

type Numbers = ArrayLike<number>;

/** Columns that are further shifted, multiplied and shifted again. The first shift stays apart: it may be much larger than what is left. */
const scaled = (columns: readonly Scaled[], subtract?: Numbers, factors?: Numbers, add?: Numbers): Scaled[] =>
  columns.map(({ column, center, factor, offset }, j) => {
    const [shift, by] = [subtract?.[j] ?? 0, factors?.[j] ?? 1];
    const isFirst = factor === 1 && offset === 0;
    return {
      column,
      center: isFirst ? center + shift : center,
      factor: factor * by,
      offset: (isFirst ? 0 : (offset - shift) * by) + (add?.[j] ?? 0),
    };
  });

const inverse = (values: readonly number[]) => Array.from(values, (value) => 1 / value);

/** How transformers are expressed: those that scale numbers. */
const tensorflowTransformers: Rules<PreprocessingRule<undefined, readonly Scaled[]>> = {
  ...Object.fromEntries(
    transformers.map(({ definition }) => [
      definition.type,
      'The layers of TensorFlow.js scale numbers, and do no more.',
    ]),
  ),
  StandardScaler: (_, columns, { options, state }) =>
    scaled(columns, options.withMean ? state.mean : undefined, options.withStd ? inverse(state.scale) : undefined),
  RobustScaler: (_, columns, { options, state }) =>
    scaled(
      columns,
      options.withCentering ? state.center : undefined,
      options.withScaling ? inverse(state.scale) : undefined,
    ),
  MinMaxScaler: (_, columns, { options, state }) => {
    if (!options.clip) return scaled(columns, undefined, state.scale, state.min);
    throw new ParameterError("exportTensorflow cannot express the preprocessing 'MinMaxScaler' with 'clip'.");
  },
};

/** Adds what makes the network's features of a predictor's columns, and returns the name of the last layer. */
function addPreprocessing(graph: Graph, where: string, predictor: AnyPredictor): string {
  const columns = Array.from(predictor.columns, (_, column): Scaled => ({ column, center: 0, factor: 1, offset: 0 }));
  const features = preprocessed(where, predictor, columns, {
    writer: undefined,
    rules: tensorflowTransformers,
    select: (all, wanted) => wanted.map((j) => all[j]),
    join: (parts) => parts.flat(),
  });
  let last = INPUT;
  if (features.length !== columns.length || features.some(({ column }, i) => column !== i)) {
    const kernel = new Float32Array(columns.length * features.length);
    for (const [i, { column }] of features.entries()) kernel[column * features.length + i] = 1;
    graph.arrays.push({ name: 'columns/kernel', shape: [columns.length, features.length], data: kernel });
    const config = { name: 'columns', units: features.length, use_bias: false, activation: 'linear' };
    last = graph.add('Dense', config, [last]);
  }
  if (features.every(({ center, factor, offset }) => center === 0 && factor === 1 && offset === 0)) return last;
  const arrays = {
    gamma: features.map(({ factor }) => factor),
    // With what float32 leaves of the centre.
    beta: features.map(({ center, factor, offset }) => offset + (Math.fround(center) - center) * factor),
    moving_mean: features.map(({ center }) => center),
    moving_variance: features.map(() => 1),
  };
  for (const [name, values] of Object.entries(arrays)) {
    graph.arrays.push({ name: `scaling/${name}`, shape: [values.length], data: Float32Array.from(values) });
  }
  const config = { name: 'scaling', axis: -1, momentum: 0.99, epsilon: 0, center: true, scale: true };
  return graph.add('BatchNormalization', config, [last]);
}

/** Adds what keeps a predicted number within a range: ReLU has an upper end, and begins at 0. */
function addRange(graph: Graph, output: string, [least, greatest]: readonly [number, number]): string {
  const above = graph.add('Rescaling', { name: 'aboveLeast', scale: 1, offset: -least }, [output]);
  const within = graph.add('ReLU', { name: 'withinRange', max_value: greatest - least }, [above]);
  return graph.add('Rescaling', { name: 'predictions', scale: 1, offset: least }, [within]);
}

/** The files of a model: `model.json`, and the arrays that it names. */
export type TensorflowFiles = {
  readonly 'model.json': string;
  readonly 'weights.bin': Uint8Array<ArrayBuffer>;
};

interface LayerJson {
  readonly class_name: string;
  readonly config: Json & { readonly name: string };
}

/** A layer, and the names of those whose outputs it reads. */
interface Node extends LayerJson {
  readonly from: readonly string[];
}

/** The name of the layer that the features come in by. */
const INPUT = 'features';

/** Layers that are added one by one, with their arrays. */
class Graph {
  readonly nodes: Node[] = [];
  readonly arrays: Weights = [];

  /** Adds a layer of theirs, and returns its name. */
  add(className: string, config: LayerJson['config'], from: readonly string[]): string {
    this.nodes.push({ class_name: className, config, from });
    return config.name;
  }

  /** Adds one of ours. */
  layer(part: LayerPart, input: string): string {
    const where = 'exportTensorflow';
    const { type, name, options } = part;
    const { className, config, refuses, arrays, expand } = ruleFor(where, tensorflowLayers, part);
    const reason = refuses?.(options);
    if (reason) throw new ParameterError(`${where} cannot express the layer '${type}' (${name}). ${reason}`);
    if (expand) return expand(part, input, this);
    for (const [own, array] of Object.entries(part.arrays)) {
      this.arrays.push({ ...array, name: `${name}/${arrays?.[own]}` });
    }
    return this.add(className, { name, ...config?.(options) }, [input]);
  }

  layers(parts: readonly LayerPart[], input: string): string {
    return parts.reduce((from, part) => this.layer(part, from), input);
  }
}

/**
 * A model in the layers format of TensorFlow.js, by the names of its files. For a predictor its inputs are the columns. Its outputs are probabilities, of one class where
 * there are two classes and one output, or predictions of real targets.
 *
 * @throws ParameterError for a layer or a loss that cannot be expressed, such as one of your own, and for a predictor whose
 * preprocessing does more than to scale numbers: the layers of TensorFlow.js read no texts and fill no holes. Export its `model` then,
 * whose input `predictor.transform(rows)` is.
 * @example
 * ```js
 * import { dense, relu, sequential } from 'regulus';
 * import { exportTensorflow } from 'regulus/model';
 *
 * const files = exportTensorflow(sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] }));
 * for (const [name, content] of Object.entries(files)) console.log(name, content.length);
 * ```
 */
export function exportTensorflow(model: AnyModel): TensorflowFiles {
  const where = 'exportTensorflow';
  const networks = networksOf(where, model);
  if (networks.some(({ features }) => features)) {
    throw new ParameterError(`${where} cannot express an ensemble whose models have 'features' of their own.`);
  }
  const graph = new Graph();
  const { nodes, arrays } = graph;
  const shares = sharesOf(networks);
  const features = isPredictor(model) ? addPreprocessing(graph, where, model) : INPUT;
  const outputs = networks.map((network, i) => addNetwork(graph, features, network, i, shares?.[i]));
  let output = outputs[0];
  if (outputs.length > 1) output = graph.add(shares ? 'Add' : 'Average', { name: 'average' }, outputs);
  if (isPredictor(model) && model.range) output = addRange(graph, output, model.range);
  const inputSize = isPredictor(model) ? model.columns.length : networkOf(model).inputSize;
  const isChain = nodes.every(({ from }, i) => String(from) === (nodes[i - 1]?.config.name ?? INPUT));
  const topology = isChain ? chain(nodes, inputSize) : functional(nodes, output, inputSize);
  const json = {
    format: 'layers-model',
    generatedBy: `regulus ${__VERSION__}`,
    convertedBy: null,
    modelTopology: { ...topology, keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' },
    weightsManifest: [
      { paths: ['weights.bin'], weights: arrays.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  return { 'model.json': JSON.stringify(json), 'weights.bin': concatenate(arrays.map(({ data }) => bytesOf(data))) };
}

/** Adds the layers of a network, and returns the name of the last. */
function addNetwork(graph: Graph, input: string, { layers, link }: NetworkPart, i: number, share?: number): string {
  const outputs = graph.layers(layers, input);
  if (link === 'exponential') {
    throw new ParameterError(
      "exportTensorflow cannot express the predictions of the loss 'poisson'. There is no exponential.",
    );
  }
  const predictions =
    link === 'identity'
      ? outputs
      : graph.add('Activation', { name: `probabilities${i + 1}`, activation: link }, [outputs]);
  if (share === undefined) return predictions;
  return graph.add('Rescaling', { name: `share${i + 1}`, scale: share, offset: 0 }, [predictions]);
}

const inputShape = (inputSize: number) => ({ batch_input_shape: [null, inputSize], dtype: 'float32' });

/** Layers one behind the other. */
function chain(nodes: readonly Node[], inputSize: number) {
  const layers = nodes.map(({ from: _, ...layer }, i) =>
    i > 0 ? layer : { ...layer, config: { ...layer.config, ...inputShape(inputSize) } },
  );
  return { class_name: 'Sequential', config: { name: 'regulus', layers } };
}

/** Layers with one input, and one that the outputs are of. */
function functional(nodes: readonly Node[], output: string, inputSize: number) {
  const input = {
    class_name: 'InputLayer',
    config: { name: INPUT, ...inputShape(inputSize), sparse: false },
    from: [],
  };
  const layers = [input, ...nodes].map(({ from, ...layer }: Node) => ({
    ...layer,
    name: layer.config.name,
    inbound_nodes: from.length > 0 ? [from.map((name) => [name, 0, 0, {}])] : [],
  }));
  return {
    class_name: 'Model',
    config: { name: 'regulus', layers, input_layers: [[INPUT, 0, 0]], output_layers: [[output, 0, 0]] },
  };
}

/** Options of {@link importTensorflow}. */
export interface ImportOptions {
  /**
   * What the outputs mean. By default it is read off the last activation, which is then left out of the layers: softmax means
   * `softmaxCrossEntropy()`, sigmoid `binaryCrossEntropy()`, anything else `meanSquaredError()`.
   */
  readonly loss?: Description<'loss'>;
}

/**
 * A model from the layers format of TensorFlow.js: a `Sequential` of layers that Regulus has. `files` are `model.json` and the files
 * of arrays that it names. Initializers, penalties and constraints are not read.
 *
 * @throws ParameterError for another topology, a layer that Regulus does not have, or arrays that are missing or not float32.
 * @example
 * ```js
 * import { dense, relu, sequential } from 'regulus';
 * import { exportTensorflow, importTensorflow } from 'regulus/model';
 *
 * const files = exportTensorflow(sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] }));
 * console.log(importTensorflow(files).summary());
 * ```
 */
export function importTensorflow<Y extends Int32Array | Matrix = Int32Array>(
  files: Readonly<Record<string, unknown>>,
  options: ImportOptions = {},
): Sequential<Y> {
  const where = 'importTensorflow';
  const { loss: given } = checkOptions(where, options, { loss: kind('loss', { optional: true }) });
  const file = files?.['model.json'];
  const json = typeof file === 'string' || file instanceof Uint8Array ? parseJson("The 'model.json'", file) : file;
  if (!isObject(json) || !isObject(json.modelTopology))
    fail(where, 'files', "an object with 'model.json' and the files that it names", files);
  const topology = json.modelTopology;
  const root = isObject(topology.model_config) ? topology.model_config : topology;
  if (root.class_name !== 'Sequential') {
    throw new ParameterError(`${where} reads Sequential models. Got the class ${show(root.class_name)}.`);
  }
  const arrays = readArrays(json.weightsManifest, files);
  const listed = isObject(root.config) ? root.config.layers : root.config;
  if (!Array.isArray(listed))
    throw new ParameterError(`The layers of a Sequential model must be a list. Got ${show(listed)}.`);
  const layers: Json[] = [];
  const weights: Weights = [];
  const counts = new Map<string, number>();
  let inputSize: unknown;
  const add = (type: string, settings: Json) => {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    layers.push({ type, ...settings });
    return `${type}${counts.get(type)}`;
  };
  for (const [i, layer] of listed.entries()) {
    const { class_name: className, config } = (isObject(layer) ? layer : {}) as Partial<LayerJson>;
    if (!isObject(config))
      throw new ParameterError(`Layer ${i} of 'model.json' must have a 'config'. Got ${show(layer)}.`);
    inputSize ??= (config.batch_input_shape as unknown[] | undefined)?.[1];
    if (className === 'InputLayer') continue;
    const changed = ['max_value', 'negative_slope', 'threshold'].find((name) => className === 'ReLU' && config[name]);
    if (changed)
      throw new ParameterError(
        `${where} cannot read the ReLU of layer ${i} of 'model.json', whose '${changed}' is set.`,
      );
    const fused = config.activation ?? (className === 'Softmax' ? 'softmax' : className === 'ReLU' ? 'relu' : 'linear');
    const known = Object.entries(tensorflowLayers).find(
      ([, rule]) => typeof rule !== 'string' && rule.className === className,
    );
    if (known && className !== 'Activation') {
      const [type, rule] = known as [string, Rule];
      const name = add(type, rule.options?.(config) ?? {});
      for (const [own, theirs] of Object.entries(rule.arrays ?? {})) {
        const array = arrays.get(`${config.name}/${theirs}`);
        if (array) weights.push({ ...array, name: `${name}.${own}` });
      }
    } else if (!['Activation', 'Softmax', 'ReLU'].includes(className as string)) {
      throw new ParameterError(`${where} cannot read layer ${i} of 'model.json', of the class ${show(className)}.`);
    }
    if (fused !== 'linear') add(activationType(where, fused, i), {});
  }
  const last = layers[layers.length - 1]?.type;
  const loss = given ?? (lossOf[String(last)] ?? meanSquaredError)();
  if (links[loss.type] === last) layers.pop();
  return sequential<Y>({
    inputSize: inputSize as number,
    layers: layers.map((layer, i) => fromJson('layer', layer, catalog, where, `layers[${i}]`)),
    loss,
    weights,
  });
}

/** The loss whose predictions an activation makes. */
const lossOf: Readonly<Record<string, () => Description<'loss'>>> = {
  softmax: softmaxCrossEntropy,
  sigmoid: binaryCrossEntropy,
};

/** Our type for an activation there; softmax may stand at the end, where a loss takes its place. */
function activationType(where: string, name: unknown, i: number): string {
  const found = Object.entries(tensorflowLayers).find(
    ([, rule]) => typeof rule !== 'string' && rule.className === 'Activation' && rule.config?.({}).activation === name,
  );
  if (found) return found[0];
  if (name === ('softmax' satisfies Link)) return name;
  throw new ParameterError(`${where} cannot read the activation ${show(name)} of layer ${i} of 'model.json'.`);
}

/** The arrays by name. */
function readArrays(manifest: unknown, files: Readonly<Record<string, unknown>>): Map<string, Weights[number]> {
  const arrays = new Map<string, Weights[number]>();
  const wrong = (rule: string, value: unknown) => formatError(`${rule} Got ${show(value)}.`);
  if (!Array.isArray(manifest)) throw wrong("The 'weightsManifest' of 'model.json' must be a list.", manifest);
  for (const group of manifest) {
    const { paths, weights } = (isObject(group) ? group : {}) as { paths: string[]; weights: unknown[] };
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights))
      throw wrong("Each part of a 'weightsManifest' must have 'paths' and 'weights'.", group);
    const bytes = concatenate(
      paths.map((path) =>
        toBytes('importTensorflow', `files[${show(path)}]`, files[path], 'Give the content of the file.'),
      ),
    );
    let at = 0;
    for (const array of weights) {
      const { name, shape, dtype, quantization } = isObject(array) ? array : ({} as Json);
      if (typeof name !== 'string') throw wrong('An array must have a name.', name);
      if (dtype !== 'float32' || quantization !== undefined)
        throw wrong(`The array ${show(name)} must be float32.`, quantization ?? dtype);
      if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
        throw wrong(`The array ${show(name)} must have a shape.`, shape);
      const end = at + shape.reduce((product, size) => product * size, 4);
      if (!(end >= at && end <= bytes.length)) throw wrong(`The array ${show(name)} must end within its file.`, end);
      arrays.set(name, { name, shape, data: new Float32Array(bytes.slice(at, end).buffer) });
      at = end;
    }
  }
  return arrays;
}
