// Rules of options, and the descriptions that factories make from them.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  anyOf,
  boolean,
  type Catalog,
  checkOption,
  define,
  extendCatalog,
  factoriesIn,
  factoryOf,
  fromJson,
  instance,
  integer,
  isTypedArray,
  kind,
  list,
  none,
  number,
  oneOf,
  optionsOf,
  pair,
  resolveOptions,
  ruleText,
  show,
  text,
  vector,
} from '../../src/errors/index.ts';

const shrink = define('regularizer', {
  type: 'shrink',
  shorthand: 'strength',
  options: { strength: number('[0, inf)', { default: 0.01, remedy: 'Use 0 for none.' }) },
});
const zeros = define('initializer', { type: 'zeros', options: {} });
const box = define('layer', {
  type: 'box',
  shorthand: 'units',
  options: {
    units: integer(1, { max: 8 }),
    bias: boolean({ default: true }),
    mode: oneOf(['plain', 'fancy'], { default: 'plain' }),
    noise: anyOf([number('[0, 1]'), none], { default: null }),
    sizes: list(integer(1), { optional: true }),
    penalty: kind('regularizer', { optional: true }),
    start: kind('initializer', { default: zeros(), known: [zeros] }),
  },
  check: ({ mode, bias }) =>
    mode === 'fancy' && !bias ? { option: 'bias', rule: "true with mode 'fancy'", remedy: 'Leave it out.' } : undefined,
});
const catalog: Catalog = { layer: [box], regularizer: [shrink], initializer: [zeros] };

describe('a factory', () => {
  test('makes plain, frozen JSON of what was given, in the order of the rules', () => {
    const made = box(3, { penalty: shrink(0.5), mode: 'fancy' });
    expect(JSON.stringify(made)).toBe(
      '{"type":"box","units":3,"mode":"fancy","penalty":{"type":"shrink","strength":0.5}}',
    );
    expect(made).toEqual({ type: 'box', units: 3, mode: 'fancy', penalty: { type: 'shrink', strength: 0.5 } });
    expect(Object.isFrozen(made)).toBe(true);
    expect(box({ units: 3 })).toEqual(box(3));
    expect(factoryOf(made)).toBe(box);
    expect(factoryOf(structuredClone(made))).toBeUndefined();
    const sizes = [1, 2];
    const listed = box(3, { sizes });
    sizes[0] = 0;
    expect(listed.sizes).toEqual([1, 2]);
  });

  test('fills defaults in when the options are used', () => {
    expect(optionsOf(box(3), box.definition)).toEqual({
      units: 3,
      bias: true,
      mode: 'plain',
      noise: null,
      start: { type: 'zeros' },
    });
    expect(box(3, { start: 'zeros' }).start).toEqual({ type: 'zeros' });
  });

  test.each<[string, () => unknown, string]>([
    [
      'a missing option',
      () => box({} as never),
      "The 'units' parameter of box must be an integer in the range [1, 8]. Got undefined",
    ],
    [
      'a number out of range',
      () => shrink(-1),
      "The 'strength' parameter of shrink must be a number in the range [0, inf). Got -1 instead. Use 0 for none.",
    ],
    ['NaN', () => shrink(Number.NaN), 'Got NaN'],
    [
      'an unknown option',
      () => box(3, { biass: true } as never),
      "Unknown option 'biass' of box. Did you mean 'bias'?",
    ],
    [
      'another form',
      () => box(3, { noise: 'loud' as never }),
      'must be a number in the range [0, 1], or null. Got "loud"',
    ],
    ['one of several forms out of range', () => box(3, { noise: 2 }), 'must be a number in the range [0, 1]. Got 2'],
    ['an item of a list', () => box(3, { sizes: [4, 0] }), "The 'sizes[1]' parameter of box must be an integer"],
    [
      'another kind',
      () => box(3, { penalty: zeros() as never }),
      'must be a regularizer. Got { type: "zeros" } instead. zeros() makes an initializer.',
    ],
    ['bare JSON', () => box(3, { penalty: { type: 'shrink' } }), 'give it to regularizerFromJson() first'],
    [
      'a name that is not known',
      () => box(3, { start: 'zeroes' as never }),
      "must be an initializer or one of 'zeros'. Got \"zeroes\" instead. Did you mean 'zeros'?",
    ],
    [
      'options at odds',
      () => box(3, { mode: 'fancy', bias: false }),
      "The 'bias' parameter of box must be true with mode 'fancy'. Got false instead. Leave it out.",
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('fromJson makes the same description again, kinds inside it included', () => {
  const made = box(3, { penalty: shrink(0.5) });
  const again = fromJson('layer', JSON.parse(JSON.stringify(made)), catalog);
  expect(again).toEqual(made);
  expect(factoryOf(again)).toBe(box);
  expect(factoryOf((again as typeof made).penalty)).toBe(shrink);
  expect(() => fromJson('layer', { type: 'bx' }, catalog)).toThrow(
    "Unknown layer 'bx' of layerFromJson. Did you mean 'box'?",
  );
  expect(() => fromJson('layer', { type: 'box', units: 0 }, catalog)).toThrow("'units' parameter of box");
});

test('a catalog takes the kinds of others, and refuses a type that is defined twice', () => {
  const other = define('layer', { type: 'other', options: {} });
  const extended = extendCatalog(catalog, factoriesIn([other, box, 3, () => {}]));
  expect(extended.layer).toEqual([box, other]);
  const twin = define('layer', { type: 'box', options: {} });
  expect(() => extendCatalog(catalog, [twin])).toThrow("The layer 'box' is defined twice");
});

test.each<[string, Parameters<typeof ruleText>[0], unknown, unknown, unknown, string]>([
  ['a pair', pair(integer(0)), [1, 2], [1, 2], [1], 'a list of 2 (each an integer in the range [0, inf)). Got [1]'],
  [
    'a pattern',
    text({ pattern: /^\S+$/, rule: 'a text without spaces' }),
    'a',
    'a',
    'a b',
    'a text without spaces. Got "a b"',
  ],
  ['an instance', instance(Map, 'Map'), new Map(), new Map(), {}, 'must be a Map. Got {}'],
  ['a vector', vector('[0, 1]'), [0, 1], Float64Array.of(0, 1), 'x', 'a list of numbers in the range [0, 1]. Got "x"'],
  ['a vector', vector('[0, 1]'), Float32Array.of(1), Float64Array.of(1), [0, 2], "'v[1]' parameter of f must be a num"],
  ['any integer', integer(Number.NEGATIVE_INFINITY), -3, -3, 0.5, 'an integer in the range (-inf, inf). Got 0.5'],
])('the rule of %s', (_, rule, good, kept, bad, message) => {
  expect(checkOption('f', 'v', good, rule)).toEqual(kept);
  expect(() => checkOption('f', 'v', bad, rule)).toThrow(message);
});

test('typed arrays are known by their tag, in every realm', () => {
  const foreign = runInNewContext('Float64Array.of(1, 2)');
  expect(foreign).not.toBeInstanceOf(Float64Array);
  expect(isTypedArray(foreign)).toBe(true);
  expect(isTypedArray(foreign, 'Float32Array', 'Float64Array')).toBe(true);
  expect(isTypedArray(foreign, 'Int32Array')).toBe(false);
  expect(isTypedArray(Buffer.from('a'), 'Uint8Array')).toBe(true);
  expect(isTypedArray(new DataView(new ArrayBuffer(8)))).toBe(false);
  expect(isTypedArray({ [Symbol.toStringTag]: 'Float64Array', length: 2 })).toBe(false);
  expect(checkOption('f', 'v', foreign, list(number('[0, inf)')))).toEqual([1, 2]);
  const shown = [foreign, 3n, new DataView(new ArrayBuffer(8))].map((value) => show(value));
  expect(shown).toEqual(['Float64Array(2)', '3n', '{}']);
});

test('values are shown at bounded depth, whatever they hold', () => {
  expect(show([1, [2, ['a']]])).toBe('[1, [2, ["a"]]]');
  const inItself: unknown[] = [];
  inItself.push(inItself);
  expect(show(inItself)).toBe('[[[[Array(1)]]]]');
  let shared: unknown[] = [];
  for (let depth = 0; depth < 100; depth++) shared = [shared, shared, shared, shared, shared, shared];
  expect(show(shared)).toBe('Array(6)');
});

test('resolveOptions checks an options object and fills defaults in', () => {
  const rules = { size: integer(1, { default: 4 }), name: oneOf(['a', 'b'], { optional: true }) };
  expect(resolveOptions('f', {}, rules)).toEqual({ size: 4 });
  expect(() => resolveOptions('f', { sise: 1 }, rules)).toThrow("Unknown option 'sise' of f. Did you mean 'size'?");
  const check = ({ size }: { readonly size: number }) => (size === 5 ? { option: 'size', rule: 'not 5' } : undefined);
  expect(() => resolveOptions('f', { size: 5 }, rules, check)).toThrow("'size' parameter of f must be not 5. Got 5");
  expect(ruleText(list(integer(1), { minLength: 2 }))).toBe(
    'a list of at least 2 (each an integer in the range [1, inf))',
  );
});
