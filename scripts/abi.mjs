// TypeScript's view of the compute core, made from what assembly/index.ts exports: signatures and comments are written once.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Exports that manage memory and threads; all others are operations on arrays. */
const MANAGING = [
  'allocate',
  'allocateWorkspace',
  'release',
  'gemm',
  'denseColumns',
  'gradientColumns',
  'useWorkspace',
];

/** What a kernel finds at an address is float32, except where the parameter has one of these names: there it is int32. */
const INT32 = ['labels', 'indices', 'state'];

/** The functions that `index` exports, in its order. */
function exportsOf(index) {
  const lines = readFileSync(index, 'utf8').matchAll(/^export \{([^}]+)\} from '(.+)';$/gm);
  return [...lines].flatMap(([, names, module]) => {
    const source = readFileSync(join(dirname(index), `${module}.ts`), 'utf8');
    return names
      .match(/\w+/g)
      .map((name) => ({ name, isOperation: !MANAGING.includes(name), ...signature(source, name) }));
  });
}

/** The comment, the parameters and the result of the function `name`. */
function signature(source, name) {
  const pattern = new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/)\nexport function ${name}\\(([^)]*)\\): (\\w+) `);
  const found = pattern.exec(source);
  if (!found) throw new Error(`assembly: the exported function ${name} needs a comment and typed parameters.`);
  const [, comment, list, result] = found;
  const parameters = [...list.matchAll(/(\w+): (\w+)/g)].map(([, parameter, type]) => ({ name: parameter, type }));
  return { comment, parameters, result };
}

const header = '// Generated from assembly/ by scripts/build.mjs.\n';
const indented = (comment) => comment.replace(/^/gm, '  ');
const argumentsOf = ({ parameters }, write) => parameters.map(write).join(', ');

/** The interface of an instance of the core. */
function core(functions) {
  const members = functions.map((f) => {
    const text = `${f.name}(${argumentsOf(f, ({ name, type }) => `${name}: ${type}`)}): ${f.result};`;
    return f.isOperation ? `  ${text}` : `${indented(f.comment)}\n  ${text}`;
  });
  return `${header}import type { WasmMemory } from '../../../errors/index.ts';

/** An address in \`memory\`, in bytes. */
type usize = number;
type i32 = number;
/** Rounded to float32 on entry. */
type f32 = number;
type f64 = number;

/** The exports of assembly/index.ts. */
export interface Core {
  readonly memory: WasmMemory;
${members.join('\n')}
}
`;
}

/** The interface of the operations, in which an address is a tensor, and the object that calls those of a core. */
function operations(functions) {
  const tensor = (name) => (INT32.includes(name) ? 'Tensor<Int32Array>' : 'Tensor');
  const members = functions.map((f) => {
    const list = argumentsOf(f, ({ name, type }) => `${name}: ${type === 'usize' ? tensor(name) : 'number'}`);
    return `${indented(f.comment)}\n  ${f.name}(${list}): ${f.result === 'void' ? 'void' : 'number'};`;
  });
  // One call site for each kernel, with as many arguments as it has, so that a call costs no more than one by hand.
  const calls = functions.map((f) => {
    const passed = argumentsOf(f, ({ name, type }) => (type === 'usize' ? `at(${name})` : name));
    return `    ${f.name}: (${argumentsOf(f, ({ name }) => name)}) => core.${f.name}(${passed}),`;
  });
  return `${header}import type { Tensor } from '../../tensor.ts';
import { at } from '../tensor.ts';
import type { Core } from './core.ts';

/** What the kernels of the core compute, on tensors of float32, or of int32 where they are named ${INT32.join(' or ')}. */
export interface Operations {
${members.join('\n')}
}

/** The operations as calls of \`core\`. */
export function operationsOf(core: Core): Operations {
  return {
${calls.join('\n')}
  };
}
`;
}

/** Products, and the operations that update weights element by element, whose arrays come before the number of elements. */
const PRODUCTS = ['dense', 'denseGradients', 'matmul', 'matmulNT', 'matmulTN'];
const isUpdate = ({ parameters, result }) => parameters[0].name === 'w' && result === 'void';

/** The operations that threads share. */
function divided(functions) {
  const all = functions.filter((f) => PRODUCTS.includes(f.name) || isUpdate(f));
  const small = ({ parameters }) => {
    const names = parameters.map(({ name }) => name);
    if (names[0] === 'w') return 'n < LEAST_WEIGHTS';
    const [rows, depth, columns] = names.includes('k') ? ['m', 'k', 'n'] : ['rows', 'inputs', 'outputs'];
    return `${columns} < LEAST_COLUMNS || ${rows} * ${depth} * ${columns} < LEAST_PRODUCT`;
  };
  // A call site for each, as above: what is too small to be divided takes no longer for the question.
  const members = all.map((f) => {
    const list = argumentsOf(f, ({ name }) => name);
    return `    ${f.name}: (${list}) =>\n      ${small(f)} ? alone.${f.name}(${list}) : large.${f.name}(${list}),`;
  });
  const arrays = all.filter(isUpdate).map(({ name, parameters }) => {
    return `  ${name}: ${parameters.findIndex(({ type }) => type !== 'usize')},`;
  });
  return `${header}import { LEAST_COLUMNS, LEAST_PRODUCT, LEAST_WEIGHTS } from '../thread.ts';
import type { Core } from './core.ts';

/** The operations that update n weights, each by itself: how many arrays they take, before n. */
export const updates = {
${arrays.join('\n')}
} as const;

export type Divided = Pick<Core, ${all.map(({ name }) => `'${name}'`).join(' | ')}>;

/** The operations that threads share: those of \`large\` where there is much to do, else those of \`alone\`. */
export function divided(alone: Divided, large: Divided): Divided {
  return {
${members.join('\n')}
  };
}
`;
}

/** The text of each generated file by its name, for the exports of the AssemblyScript module \`index\`. */
export function abi(index) {
  const functions = exportsOf(index);
  const onArrays = functions.filter(({ isOperation }) => isOperation);
  return {
    'core.ts': core(functions),
    'operations.ts': operations(onArrays),
    'divided.ts': divided(onArrays),
  };
}
