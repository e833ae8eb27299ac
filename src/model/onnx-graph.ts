// Graphs of ONNX, written node by node.
import { Message } from '../protobuf/index.ts';
import type { LayerPart } from './networks.ts';

/** Types of elements. */
export const types = { float: 1, int64: 7, string: 8, double: 11 } as const;

type Numbers = Float32Array | Float64Array | BigInt64Array;

const typeOf = (data: Numbers) =>
  data instanceof Float32Array ? types.float : data instanceof Float64Array ? types.double : types.int64;

/** The operators for categories are in a set of their own. */
const ML = 'ai.onnx.ml';

/** A graph that is written node by node. Names of values are texts; a name that is taken, or empty, which stands for no value, gets a `_` at its end. */
export class Graph {
  readonly message = new Message();
  /** The versions of the sets of operators. */
  readonly operators = new Map([['', 15]]);
  readonly #taken = new Set(['']);
  #values = 0;

  /** Adds an input and returns its name. */
  input(wanted: string, type: keyof typeof types, shape: readonly (string | number)[]): string {
    const name = this.name(wanted);
    this.message.message(11, described(name, type, shape));
    return name;
  }

  /** Makes a value an output. */
  output(name: string, type: keyof typeof types, shape: readonly (string | number)[]): void {
    this.message.message(12, described(name, type, shape));
  }

  /** A name that no other value has. */
  name(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }

  /** Adds a node and returns the name of its output. */
  node(type: string, inputs: readonly string[], attributes: readonly Message[] = [], output?: string): string {
    return this.#node('', type, inputs, attributes, output ?? `value${++this.#values}`);
  }

  /** The indices of texts: those that are listed, and `unknown` for others. */
  lookUp(x: string, indices: ReadonlyMap<string, number>, unknown: number): string {
    this.operators.set(ML, 2);
    const keys = new Message().text(1, 'keys_strings').integer(20, 8);
    for (const key of indices.keys()) keys.text(9, key);
    const attributes = [keys, integers('values_int64s', ...indices.values()), integer('default_int64', unknown)];
    return this.#node(ML, 'LabelEncoder', [x], attributes, `value${++this.#values}`);
  }

  #node(domain: string, type: string, inputs: readonly string[], attributes: readonly Message[], wanted: string) {
    const output = this.name(wanted);
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, `${type}_${output}`).text(4, type);
    for (const attribute of attributes) node.message(5, attribute);
    this.message.message(1, node.text(7, domain));
    return output;
  }

  /** Adds a constant and returns its name. */
  constant(wanted: string, shape: readonly number[], data: Numbers | readonly string[]): string {
    const name = this.name(wanted);
    const tensor = new Message();
    for (const size of shape) tensor.integer(1, size);
    if ('BYTES_PER_ELEMENT' in data) {
      tensor.integer(2, typeOf(data)).text(8, name);
      tensor.data(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else {
      tensor.integer(2, types.string);
      for (const value of data) tensor.text(6, value);
      tensor.text(8, name);
    }
    this.message.message(5, tensor);
    return name;
  }

  /** Whole numbers as a constant. */
  indices(wanted: string, values: readonly number[]): string {
    return this.constant(wanted, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** A number as a constant. */
  number(wanted: string, value: number): string {
    return this.constant(wanted, [1], Float32Array.of(value));
  }

  /** An array of a layer as a constant. */
  array({ name, arrays }: LayerPart, own: string): string {
    return this.constant(`${name}.${own}`, arrays[own].shape, arrays[own].data);
  }
}

export const float = (name: string, value: number) => new Message().text(1, name).float(2, value).integer(20, 1);
export const integer = (name: string, value: number) => new Message().text(1, name).integer(3, value).integer(20, 2);
export function integers(name: string, ...values: number[]): Message {
  const attribute = new Message().text(1, name);
  for (const value of values) attribute.integer(8, value);
  return attribute.integer(20, 7);
}

/** Conversion to another type. */
export const cast = (graph: Graph, x: string, type: keyof typeof types, output?: string): string =>
  graph.node('Cast', [x], [integer('to', types[type])], output);

/** A tensor that goes in or comes out. */
function described(name: string, type: keyof typeof types, shape: readonly (string | number)[]): Message {
  const sizes = new Message();
  for (const size of shape) {
    sizes.message(1, typeof size === 'string' ? new Message().text(2, size) : new Message().integer(1, size));
  }
  const tensor = new Message().integer(1, types[type]).message(2, sizes);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
