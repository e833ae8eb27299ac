// Models as ONNX: graphs that onnxruntime and others run.
import { Message } from '../protobuf/index.ts';
import { type AnyModel, isPredictor, modelInfo, networkOf } from './info.ts';
import { type LayerPart, type NetworkPart, networksOf, type Rules, ruleFor, sharesOf } from './networks.ts';
import { cast, float, Graph, integer, integers } from './onnx-graph.ts';
import { onnxFeatures } from './onnx-transformers.ts';

const IR_VERSION = 8;

/** Adds a layer's nodes and returns the name of its output. */
type Rule = (graph: Graph, x: string, layer: LayerPart) => string;

const operator =
  (type: string): Rule =>
  (graph, x) =>
    graph.node(type, [x]);

/** `x` in another shape, of which 0 is the size that `x` has there. */
const reshaped = (graph: Graph, x: string, { name }: Pick<LayerPart, 'name'>, own: string, ...shape: number[]) =>
  graph.node('Reshape', [x, graph.indices(`${name}.${own}Shape`, shape)]);

/** How layers are expressed at inference. */
export const onnxLayers: Rules<Rule> = {
  dense: (graph, x, layer) =>
    graph.node('Gemm', [x, ...Object.keys(layer.arrays).map((own) => graph.array(layer, own))]),
  batchNormalization: (graph, x, layer) => {
    const { shape } = layer.arrays.movingMean;
    const same = (own: string, value: number) =>
      layer.arrays[own]
        ? graph.array(layer, own)
        : graph.constant(`${layer.name}.${own}`, shape, new Float32Array(shape[0]).fill(value));
    const [mean, variance] = ['movingMean', 'movingVariance'].map((own) => graph.array(layer, own));
    return graph.node(
      'BatchNormalization',
      [x, same('gamma', 1), same('beta', 0), mean, variance],
      [float('epsilon', layer.options.epsilon)],
    );
  },
  // From its formula: the operator of this name is younger than the operators that all runtimes have.
  layerNormalization(graph, x, layer) {
    const mean = (of: string) => graph.node('ReduceMean', [of], [integers('axes', 1)]);
    const centered = graph.node('Sub', [x, mean(x)]);
    const epsilon = graph.number(`${layer.name}.epsilon`, layer.options.epsilon);
    const variance = mean(graph.node('Mul', [centered, centered]));
    const z = graph.node('Div', [centered, graph.node('Sqrt', [graph.node('Add', [variance, epsilon])])]);
    const { gamma, beta } = layer.arrays;
    const scaled = gamma ? graph.node('Mul', [z, graph.array(layer, 'gamma')]) : z;
    return beta ? graph.node('Add', [scaled, graph.array(layer, 'beta')]) : scaled;
  },
  batchEnsemble(graph, x, layer) {
    const { units, members } = layer.options;
    const [inputs] = layer.arrays.kernel.shape;
    const own = (name: string, columns: number) =>
      graph.constant(`${layer.name}.${name}`, [members, columns], layer.arrays[name].data);
    const each = reshaped(graph, x, layer, 'inputs', 0, layer.options.repeats ? 1 : members, inputs);
    const scaled = graph.node('Mul', [each, own('inputScales', inputs)]);
    const product = graph.node('MatMul', [scaled, graph.array(layer, 'kernel')]);
    const rescaled = graph.node('Mul', [product, own('outputScales', units)]);
    const sum = graph.node('Add', [rescaled, own('bias', units)]);
    return reshaped(graph, sum, layer, 'outputs', 0, members * units);
  },
  // Products of members by rows: (members, rows, inputs) · (members, inputs, units).
  memberDense(graph, x, layer) {
    const { units, members } = layer.options;
    const [inputs] = layer.arrays.kernel.shape;
    const transposed = (of: string, ...order: number[]) => graph.node('Transpose', [of], [integers('perm', ...order)]);
    const each = transposed(reshaped(graph, x, layer, 'inputs', 0, members, inputs), 1, 0, 2);
    const kernels = graph.constant(`${layer.name}.kernel`, [inputs, members, units], layer.arrays.kernel.data);
    const product = transposed(graph.node('MatMul', [each, transposed(kernels, 1, 0, 2)]), 1, 0, 2);
    return graph.node('Add', [
      reshaped(graph, product, layer, 'outputs', 0, members * units),
      graph.array(layer, 'bias'),
    ]);
  },
  featureScale: (graph, x, layer) => graph.node('Mul', [x, graph.array(layer, 'factors')]),
  periodicEmbedding(graph, x, layer) {
    const { name, options, arrays } = layer;
    const [features, terms] = arrays.frequencies.shape;
    const { outputs } = options;
    const vector = (own: string, ...values: number[]) => graph.indices(`${name}.${own}`, values);
    const constant = (own: string, shape: readonly number[]) =>
      graph.constant(`${name}.${own}`, shape, arrays[own].data);
    const part = (own: string, from: number, to: number) =>
      graph.node('Slice', [x, vector(`${own}From`, from), vector(`${own}To`, to), vector(`${own}Axis`, 1)]);
    const numbers = reshaped(graph, part('numbers', 0, features), layer, 'numbers', 0, features, 1);
    const frequencies = graph.constant(`${name}.frequencies`, [features, terms], arrays.frequencies.data);
    const turns = graph.node('Add', [graph.node('Mul', [numbers, frequencies]), constant('phases', [features, terms])]);
    const turn = graph.number(`${name}.turn`, 2 * Math.PI);
    const cosines = graph.node('Cos', [graph.node('Mul', [turns, turn])]);
    const waves = reshaped(graph, cosines, layer, 'waves', 0, features, 1, terms);
    const products = graph.node('Mul', [waves, graph.array(layer, 'kernel')]);
    const sums = graph.node('ReduceSum', [products, vector('terms', 3)], [integer('keepdims', 0)]);
    const linear = graph.node('Add', [sums, constant('bias', [features, outputs - 1])]);
    const both = graph.node('Concat', [numbers, linear], [integer('axis', 2)]);
    const embedded = reshaped(graph, both, layer, 'embedded', 0, features * outputs);
    return graph.node('Concat', [embedded, part('rest', features, 2 ** 31 - 1)], [integer('axis', 1)]);
  },
  dropout: (_, x) => x,
  alphaDropout: (_, x) => x,
  gaussianNoise: (_, x) => x,
  gaussianDropout: (_, x) => x,
  residual(graph, x, layer) {
    const branch = chain(graph, x, layer.inner);
    const { survivalProbability: share } = layer.options;
    const scale = () => graph.number(`${layer.name}.survivalProbability`, share);
    const carried = layer.arrays.projection ? graph.node('MatMul', [x, graph.array(layer, 'projection')]) : x;
    return graph.node('Add', [carried, share === 1 ? branch : graph.node('Mul', [branch, scale()])]);
  },
  relu: operator('Relu'),
  leakyRelu: (graph, x, { options }) => graph.node('LeakyRelu', [x], [float('alpha', options.negativeSlope)]),
  elu: (graph, x, { options }) => graph.node('Elu', [x], [float('alpha', options.alpha)]),
  selu: operator('Selu'),
  // x·Φ(x) = x/2 · (1 + erf(x/√2))
  gelu(graph, x) {
    const [root, one, half] = [Math.SQRT2, 1, 0.5].map((value, i) => graph.number(`gelu_${x}_${i}`, value));
    const normal = graph.node('Add', [graph.node('Erf', [graph.node('Div', [x, root])]), one]);
    return graph.node('Mul', [graph.node('Mul', [x, half]), normal]);
  },
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  mish: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  tanh: operator('Tanh'),
  sigmoid: operator('Sigmoid'),
  softplus: operator('Softplus'),
};

/** Some columns that follow each other. */
function slice(graph: Graph, x: string, range: readonly [start: number, end: number]): string {
  const numbers = (value: number) => graph.indices('range', [value]);
  return graph.node('Slice', [x, ...range.map(numbers), numbers(1)]);
}

/** Adds layers one behind the other. */
const chain = (graph: Graph, input: string, layers: readonly LayerPart[]): string =>
  layers.reduce((x, layer) => ruleFor('exportOnnx', onnxLayers, layer)(graph, x, layer), input);

/**
 * A model as ONNX (IR version 8, opset 15) for inference. Its input is `features` (batch, inputSize), float32. Its outputs are, for
 * classes, `label` (batch), the class's name where the model has `classNames` and else its index, and `probabilities`
 * (batch, classes); for labels the same with a column for each label, and 0 and 1; for real targets `predictions` (batch, outputs).
 *
 * A predictor is exported with its preprocessing: it has an input (batch, 1) for each of its `columns`, under the column's name, of float64
 * for numbers, booleans and dates (days since 1970), where NaN is a missing value, and of strings for categories, where an empty
 * one or any other of the spellings is. A column without a name is the input `_`; an output whose name a column has gets a `_` at its end. A `Sequential` takes what its own `predict` takes.
 *
 * @throws ParameterError for a layer, a loss or a transformer that ONNX cannot express, such as one of your own.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential } from 'regulus';
 * import { exportOnnx } from 'regulus/model';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * await model.fit(makeMoons(), { epochs: 5 });
 * console.log(exportOnnx(model).length); // bytes of a file that onnxruntime reads
 * ```
 */
export function exportOnnx(model: AnyModel): Uint8Array<ArrayBuffer> {
  const where = 'exportOnnx';
  const networks = networksOf(where, model);
  const graph = new Graph();
  const features = isPredictor(model)
    ? onnxFeatures(where, graph, model)
    : graph.input('features', 'float', ['batch', networkOf(model).inputSize]);
  // Members' predictions are rows of their own, until they are averaged.
  const outputs = networks.map(({ layers, features: range, members }) => {
    const output = chain(graph, range ? slice(graph, features, range) : features, layers);
    return members > 1
      ? reshaped(graph, output, { name: 'members' }, 'outputs', -1, networkOf(model).outputSize)
      : output;
  });
  if (model.task === 'regression') addPredictions(graph, model, networks, outputs);
  else addClasses(graph, model, networks, outputs);
  const file = new Message().integer(1, IR_VERSION).text(2, 'regulus').text(3, __VERSION__);
  file.message(7, graph.message.text(2, 'regulus'));
  for (const [domain, version] of graph.operators) file.message(8, new Message().text(1, domain).integer(2, version));
  const { classNames, featureNames } = modelInfo(model);
  const columns = isPredictor(model) ? model.columns : undefined;
  for (const [key, value] of Object.entries({ classNames, featureNames, columns })) {
    if (value) file.message(14, new Message().text(1, key).text(2, JSON.stringify(value)));
  }
  return file.bytes();
}

/** The means of what the members of a network predict, whose rows follow each other. */
function meanOfMembers(graph: Graph, x: string, { members }: NetworkPart, columns: number): string {
  if (members === 1) return x;
  const each = reshaped(graph, x, { name: 'members' }, 'predictions', -1, members, columns);
  return graph.node('ReduceMean', [each], [integers('axes', 1), integer('keepdims', 0)]);
}

/** The mean over the networks. */
function meanOf(graph: Graph, values: readonly string[], networks: readonly NetworkPart[], name?: string): string {
  const shares = sharesOf(networks);
  if (!shares) return graph.node('Mean', values, [], name);
  const share = (i: number) => graph.number('share', shares[i]);
  const scaled = values.map((x, i) => graph.node('Mul', [x, share(i)]));
  return graph.node('Sum', scaled, [], name);
}

function addPredictions(
  graph: Graph,
  model: AnyModel,
  networks: readonly NetworkPart[],
  outputs: readonly string[],
): void {
  const values = outputs.map((x, i) => {
    const own = networks[i].link === 'exponential' ? graph.node('Exp', [x]) : x;
    return meanOfMembers(graph, own, networks[i], networkOf(model).outputSize);
  });
  const range = isPredictor(model) ? model.range : undefined;
  const mean = meanOf(graph, values, networks, range ? undefined : 'predictions');
  const ends = range?.map((end) => graph.constant('end', [], Float32Array.of(end)));
  const output = ends ? graph.node('Clip', [mean, ...ends], [], 'predictions') : mean;
  graph.output(output, 'float', ['batch', 'outputs']);
}

function addClasses(graph: Graph, model: AnyModel, networks: readonly NetworkPart[], outputs: readonly string[]): void {
  const one = () => graph.number('one', 1);
  const isBinary = model.task === 'classification' && networks[0].link === 'sigmoid';
  const constant = isBinary ? one() : '';
  const columns = isBinary ? 2 : networkOf(model).outputSize;
  const probabilitiesOf = (x: string, { link }: NetworkPart) => {
    if (link === 'softmax') return graph.node('Softmax', [x], [integer('axis', 1)]);
    const p = graph.node('Sigmoid', [x]);
    return isBinary ? graph.node('Concat', [graph.node('Sub', [constant, p]), p], [integer('axis', 1)]) : p;
  };
  const probabilities = outputs.map((x, i) =>
    meanOfMembers(graph, probabilitiesOf(x, networks[i]), networks[i], columns),
  );
  const all = meanOf(graph, probabilities, networks, 'probabilities');
  const { classNames } = modelInfo(model);
  // Of the outputs themselves where there is one network, because probabilities may be equal where outputs are not.
  const [output] = outputs.length === 1 && networks[0].members === 1 ? outputs : [];
  const above = (x: string, threshold: number, name?: string) => {
    const limit = graph.number('threshold', threshold);
    return cast(graph, graph.node('Greater', [x, limit]), 'int64', name);
  };
  const shape = ['batch', ...(model.task === 'multiLabel' ? [networkOf(model).outputSize] : [])];
  const isNamed = classNames && model.task === 'classification';
  const name = isNamed ? 'index' : 'label';
  let label: string;
  if (model.task === 'multiLabel') label = above(output ?? all, output ? 0 : 0.5, name);
  else if (isBinary && output) {
    label = graph.node('Squeeze', [above(output, 0), graph.indices('axes', [1])], [], name);
  } else label = graph.node('ArgMax', [output ?? all], [integer('axis', 1), integer('keepdims', 0)], name);
  if (isNamed) {
    const names = graph.constant('classNames', [classNames.length], classNames);
    label = graph.node('Gather', [names, label], [], 'label');
  }
  graph.output(label, isNamed ? 'string' : 'int64', shape);
  graph.output(all, 'float', ['batch', 'classes']);
}
