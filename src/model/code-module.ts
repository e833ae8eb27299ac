// A module of JavaScript that is written part by part.
import { functions } from './code-functions.ts';
import { tableFunctions } from './code-table-functions.ts';
import type { LayerPart } from './networks.ts';

const all = { ...tableFunctions, ...functions };

type FunctionName = keyof typeof all;

/** The name of a layer or an array as that of a variable. */
export const identifier = (name: string) => name.replaceAll('.', '_');

/** A module that is written part by part. */
export class CodeModule {
  readonly #constants: string[] = [];
  readonly #used = new Set<string>();
  readonly #bodies: string[] = [];

  /** Adds a function that computes layers one behind the other, and returns its name. */
  layers(name: string, what: string, steps: readonly string[]): string {
    const lines = steps.map((step) => (step === 'x' ? '' : `  x = ${step};\n`)).join('');
    this.#bodies.push(`// ${what}
function ${name}(features) {
  let x = Float32Array.from(features);
${lines}  return x;
}`);
    return name;
  }

  /** A call of one of the functions, which the module then has. */
  call(name: FunctionName, ...values: (string | number | boolean)[]): string {
    this.#use(name);
    return `${name}(${values.join(', ')})`;
  }

  #use(name: FunctionName): void {
    this.#used.add(name);
    // What its source calls, or gives to map, outside of comments.
    for (const [, called, given] of all[name].replace(/\/\/.*/g, '').matchAll(/\b(\w+)\(|\.map\((\w+)\)/g)) {
      const other = (given ?? called) as FunctionName;
      if (Object.hasOwn(all, other) && !this.#used.has(other)) this.#use(other);
    }
  }

  /** Float32 numbers as a constant of the module; returns its name. */
  constant({ name: layer }: LayerPart, own: string, values: Float32Array): string {
    const name = identifier(`${layer}_${own}`);
    this.#constants.push(`const ${name} = new Float32Array([${Array.from(values, shortest).join(', ')}]);`);
    return name;
  }

  /** Anything else as a constant; returns its name. */
  list(own: string, value: object): string {
    const name = `${own}${this.#constants.length + 1}`;
    this.#constants.push(`const ${name} = ${this.text(value)};`);
    return name;
  }

  /** A value as it stands in code, also within a page. */
  text(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((element) => this.text(element)).join(', ')}]`;
    if (typeof value === 'object' && value !== null) {
      return `{ ${Object.entries(value)
        .map(([key, own]) => `${key}: ${this.text(own)}`)
        .join(', ')} }`;
    }
    return typeof value === 'number' ? String(value) : JSON.stringify(value).replaceAll('<', '\\u003c');
  }

  array(layer: LayerPart, own: string): string {
    return this.constant(layer, own, layer.arrays[own].data);
  }

  /** The same, or an empty list where the layer has no such array. */
  arrayOrNone(layer: LayerPart, own: string): string {
    return layer.arrays[own] ? this.array(layer, own) : '[]';
  }

  /** What layers compute, the constants, and the functions that are called. */
  get parts(): string[] {
    const sources = Object.entries(all).filter(([name]) => this.#used.has(name));
    return [...this.#bodies, this.#constants.join('\n'), ...sources.map(([, source]) => source)];
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
