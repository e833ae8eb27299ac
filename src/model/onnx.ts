// Models as ONNX: graphs that onnxruntime and others run.
import { Message } from '../protobuf/index.ts';
import { type AnyModel, modelInfo, networkOf } from './info.ts';
import { type LayerPart, type NetworkPart, networksOf, type Rules, ruleFor } from './networks.ts';

const IR_VERSION = 8;
const OPSET = 15;

/** Types of elements. */
const types = { float: 1, int64: 7, string: 8 } as const;

/** A graph that is written node by node. Names of values are texts. */
class Graph {
  readonly message = new Message();
  #values = 0;

  /** Adds a node and returns the name of its output. Attributes that are integers stay integers. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: readonly Message[] = [],
    output = `value${++this.#values}`,
  ): string {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, `${type}_${output}`).text(4, type);
    for (const attribute of attributes) node.message(5, attribute);
    this.message.message(1, node);
    return output;
  }

  /** Adds a constant and returns its name. */
  constant(name: string, shape: readonly number[], data: Float32Array | BigInt64Array | readonly string[]): string {
    const tensor = new Message();
    for (const size of shape) tensor.integer(1, size);
    if ('BYTES_PER_ELEMENT' in data) {
      tensor.integer(2, data instanceof Float32Array ? types.float : types.int64).text(8, name);
      tensor.data(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else {
      tensor.integer(2, types.string);
      for (const value of data) tensor.text(6, value);
      tensor.text(8, name);
    }
    this.message.message(5, tensor);
    return name;
  }

  /** An array of a layer as a constant. */
  array({ name, arrays }: LayerPart, own: string): string {
    return this.constant(`${name}.${own}`, arrays[own].shape, arrays[own].data);
  }
}

const float = (name: string, value: number) => new Message().text(1, name).float(2, value).integer(20, 1);
const integer = (name: string, value: number) => new Message().text(1, name).integer(3, value).integer(20, 2);
const integers = (name: string, value: number) => new Message().text(1, name).integer(8, value).integer(20, 7);

/** Adds a layer's nodes and returns the name of its output. */
type Rule = (graph: Graph, x: string, layer: LayerPart) => string;

const operator =
  (type: string): Rule =>
  (graph, x) =>
    graph.node(type, [x]);

/** How layers are expressed at inference. */
export const onnxLayers: Rules<Rule> = {
  dense: (graph, x, layer) =>
    graph.node('Gemm', [x, ...Object.keys(layer.arrays).map((own) => graph.array(layer, own))]),
  batchNormalization: (graph, x, layer) => {
    const arrays = ['gamma', 'beta', 'movingMean', 'movingVariance'].map((own) => graph.array(layer, own));
    return graph.node('BatchNormalization', [x, ...arrays], [float('epsilon', layer.options.epsilon)]);
  },
  // From its formula: the operator of this name is younger than the operators that all runtimes have.
  layerNormalization(graph, x, layer) {
    const mean = (of: string) => graph.node('ReduceMean', [of], [integers('axes', 1)]);
    const centered = graph.node('Sub', [x, mean(x)]);
    const epsilon = graph.constant(`${layer.name}.epsilon`, [1], Float32Array.of(layer.options.epsilon));
    const variance = mean(graph.node('Mul', [centered, centered]));
    const z = graph.node('Div', [centered, graph.node('Sqrt', [graph.node('Add', [variance, epsilon])])]);
    return graph.node('Add', [graph.node('Mul', [z, graph.array(layer, 'gamma')]), graph.array(layer, 'beta')]);
  },
  dropout: (_, x) => x,
  alphaDropout: (_, x) => x,
  gaussianNoise: (_, x) => x,
  gaussianDropout: (_, x) => x,
  residual(graph, x, layer) {
    const branch = chain(graph, x, layer.inner);
    const { survivalProbability: share } = layer.options;
    const scale = () => graph.constant(`${layer.name}.survivalProbability`, [1], Float32Array.of(share));
    const carried = layer.arrays.projection ? graph.node('MatMul', [x, graph.array(layer, 'projection')]) : x;
    return graph.node('Add', [carried, share === 1 ? branch : graph.node('Mul', [branch, scale()])]);
  },
  relu: operator('Relu'),
  leakyRelu: (graph, x, { options }) => graph.node('LeakyRelu', [x], [float('alpha', options.negativeSlope)]),
  elu: (graph, x, { options }) => graph.node('Elu', [x], [float('alpha', options.alpha)]),
  selu: operator('Selu'),
  // x·Φ(x) = x/2 · (1 + erf(x/√2))
  gelu(graph, x) {
    const [root, one, half] = [Math.SQRT2, 1, 0.5].map((value, i) =>
      graph.constant(`gelu_${x}_${i}`, [1], Float32Array.of(value)),
    );
    const normal = graph.node('Add', [graph.node('Erf', [graph.node('Div', [x, root])]), one]);
    return graph.node('Mul', [graph.node('Mul', [x, half]), normal]);
  },
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  mish: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  tanh: operator('Tanh'),
  sigmoid: operator('Sigmoid'),
  softplus: operator('Softplus'),
};

/** Adds layers one behind the other. */
const chain = (graph: Graph, input: string, layers: readonly LayerPart[]): string =>
  layers.reduce((x, layer) => ruleFor('exportOnnx', onnxLayers, layer)(graph, x, layer), input);

/**
 * A model as ONNX (IR version 8, opset 15) for inference. Its input is `features` (batch, inputSize), float32. Its outputs are, for
 * classes, `label` (batch), the class's name where the model has `classNames` and else its index, and `probabilities`
 * (batch, classes); for labels the same with a column for each label, and 0 and 1; for real targets `predictions` (batch, outputs).
 *
 * @throws ParameterError for a layer or a loss that ONNX cannot express, such as one of your own.
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
  const outputs = networks.map(({ layers }) => chain(graph, 'features', layers));
  const results =
    model.task === 'regression'
      ? addPredictions(graph, networks, outputs)
      : addClasses(graph, model, networks, outputs);
  graph.message.text(2, 'regulus').message(11, value('features', types.float, ['batch', networkOf(model).inputSize]));
  for (const result of results) graph.message.message(12, result);
  const file = new Message()
    .integer(1, IR_VERSION)
    .text(2, 'regulus')
    .text(3, __VERSION__)
    .message(7, graph.message)
    .message(8, new Message().text(1, '').integer(2, OPSET));
  const { classNames, featureNames } = modelInfo(model);
  for (const [key, names] of Object.entries({ classNames, featureNames })) {
    if (names) file.message(14, new Message().text(1, key).text(2, JSON.stringify(names)));
  }
  return file.bytes();
}

/** A tensor that goes in or comes out. */
function value(name: string, type: number, shape: readonly (string | number)[]): Message {
  const sizes = new Message();
  for (const size of shape) {
    sizes.message(1, typeof size === 'string' ? new Message().text(2, size) : new Message().integer(1, size));
  }
  return new Message()
    .text(1, name)
    .message(2, new Message().message(1, new Message().integer(1, type).message(2, sizes)));
}

function addPredictions(graph: Graph, networks: readonly NetworkPart[], outputs: readonly string[]): Message[] {
  const values = outputs.map((x, i) => (networks[i].link === 'exponential' ? graph.node('Exp', [x]) : x));
  graph.node('Mean', values, [], 'predictions');
  return [value('predictions', types.float, ['batch', 'outputs'])];
}

function addClasses(
  graph: Graph,
  model: AnyModel,
  networks: readonly NetworkPart[],
  outputs: readonly string[],
): Message[] {
  const one = () => graph.constant('one', [1], Float32Array.of(1));
  const isBinary = model.task === 'classification' && networks[0].link === 'sigmoid';
  const constant = isBinary ? one() : '';
  const probabilities = outputs.map((x, i) => {
    if (networks[i].link === 'softmax') return graph.node('Softmax', [x], [integer('axis', 1)]);
    const p = graph.node('Sigmoid', [x]);
    return isBinary ? graph.node('Concat', [graph.node('Sub', [constant, p]), p], [integer('axis', 1)]) : p;
  });
  graph.node('Mean', probabilities, [], 'probabilities');
  const { classNames } = modelInfo(model);
  // Of the outputs themselves where there is one network, because probabilities may be equal where outputs are not.
  const [output] = outputs.length === 1 ? outputs : [];
  const above = (x: string, threshold: number, name?: string) => {
    const limit = graph.constant('threshold', [1], Float32Array.of(threshold));
    return graph.node('Cast', [graph.node('Greater', [x, limit])], [integer('to', types.int64)], name);
  };
  const shape = ['batch', ...(model.task === 'multiLabel' ? [model.outputSize] : [])];
  const name = classNames && model.task === 'classification' ? 'index' : 'label';
  if (model.task === 'multiLabel') above(output ?? 'probabilities', output ? 0 : 0.5, name);
  else if (isBinary && output) {
    graph.node('Squeeze', [above(output, 0), graph.constant('axes', [1], BigInt64Array.of(1n))], [], name);
  } else graph.node('ArgMax', [output ?? 'probabilities'], [integer('axis', 1), integer('keepdims', 0)], name);
  if (name === 'index' && classNames) {
    graph.node('Gather', [graph.constant('classNames', [classNames.length], classNames), 'index'], [], 'label');
  }
  return [
    value('label', name === 'index' ? types.string : types.int64, shape),
    value('probabilities', types.float, ['batch', 'classes']),
  ];
}
