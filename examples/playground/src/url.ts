// The state as text for the URL's hash, short and readable: what is as at first is left out.
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import {
  type CsvFile,
  type DatasetName,
  datasets,
  initialState,
  limits,
  metrics,
  mostLayers,
  mostUnits,
  mostVariants,
  optimizers,
  type State,
  speeds,
  type Variant,
} from './state.ts';
import { techniques } from './techniques.ts';

/** The most characters of a packed CSV file in a URL; longer ones are left out, and asked for again. */
const MOST_PACKED = 60_000;

export function encodeState(state: State): string {
  const parts: [string, string][] = [];
  const put = (key: string, value: string | number) => parts.push([key, String(value)]);
  if (state.data !== initialState.data) put('data', state.data);
  for (const key of Object.keys(limits) as (keyof typeof limits)[]) {
    const value = state[key];
    if (value !== undefined && value !== initialState[key]) put(key, value);
  }
  for (const key of ['scaling', 'optimizer', 'speed', 'metric'] as const) {
    if (state[key] !== initialState[key]) put(key, state[key]);
  }
  if (String(state.hidden) !== String(initialState.hidden)) put('hidden', state.hidden.join('-') || 'none');
  const variants = state.variants.map(encodeVariant);
  if (String(variants) !== String(initialState.variants.map(encodeVariant))) for (const v of variants) put('v', v);
  if (state.data === 'csv' && state.csv) putCsv(state.csv, put);
  return parts.map(([key, value]) => `${key}=${value}`).join('&');
}

function encodeVariant(variant: Variant): string {
  const on = techniques.flatMap(({ name }) => (variant[name] === undefined ? [] : `${name}:${variant[name]}`));
  const label = variant.label === undefined ? [] : [`label:${encodeURIComponent(variant.label)}`];
  return [...on, ...label].join(',') || 'none';
}

function putCsv({ name, text, target, header }: CsvFile, put: (key: string, value: string) => void): void {
  put('csv', encodeURIComponent(name));
  if (target !== undefined) put('target', typeof target === 'number' ? `#${target}` : encodeURIComponent(target));
  if (header === false) put('header', 'no');
  const packed = text === undefined ? '' : toBase64(deflateSync(strToU8(text), { level: 9 }));
  if (packed && packed.length <= MOST_PACKED) put('content', packed);
}

/** The state that a hash describes. What it does not say, or says wrongly, is as at first. */
export function decodeState(hash: string): State {
  const state: State = structuredClone(initialState);
  const variants: Variant[] = [];
  const csv: Partial<CsvFile> = {};
  for (const part of hash.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    const [key, value] = [part.slice(0, at), part.slice(at + 1)];
    const number = value === '' ? Number.NaN : Number(value);
    if (Object.hasOwn(limits, key)) setNumber(state, key as keyof typeof limits, number);
    else if (key === 'data' && Object.hasOwn(datasets, value)) state.data = value as DatasetName;
    else if (key === 'scaling' && ['standard', 'minmax', 'none'].includes(value)) {
      state.scaling = value as State['scaling'];
    } else if (key === 'optimizer' && Object.hasOwn(optimizers, value)) state.optimizer = value as State['optimizer'];
    else if (key === 'speed' && speeds.includes(number as 0)) state.speed = number;
    else if (key === 'metric' && metrics.includes(value as 'loss')) state.metric = value as State['metric'];
    else if (key === 'hidden') state.hidden = decodeHidden(value);
    else if (key === 'v' && variants.length < mostVariants) variants.push(decodeVariant(value));
    else if (key === 'csv') csv.name = decodeText(value);
    else if (key === 'target') csv.target = value.startsWith('#') ? Number(value.slice(1)) || 0 : decodeText(value);
    else if (key === 'header') csv.header = value !== 'no';
    else if (key === 'content') Object.assign(csv, unpack(value));
  }
  if (variants.length > 0) state.variants = variants;
  if (csv.name) state.csv = csv as CsvFile;
  return state;
}

/** Numbers whose digits after the point mean something; the others are whole. */
const fractions = new Set<string>(['noise', 'testSize', 'validationSize', 'learningRate']);

function setNumber(state: State, key: keyof typeof limits, value: number): void {
  const [low, high] = limits[key];
  if (Number.isNaN(value)) return;
  const inside = Math.min(high, Math.max(low, value));
  state[key] = fractions.has(key) ? inside : Math.round(inside);
}

function decodeHidden(value: string): number[] {
  const sizes = value.split('-').map(Number).filter(Number.isInteger);
  return sizes.slice(0, mostLayers).map((size) => Math.min(mostUnits, Math.max(1, size)));
}

function decodeVariant(text: string): Variant {
  const variant: Variant = {};
  for (const part of text.split(',')) {
    const [key, value = ''] = part.split(':');
    const technique = techniques.find(({ name }) => name === key);
    const number = Number(value);
    if (key === 'label') variant.label = decodeText(value).slice(0, 60).trim();
    else if (technique && number > 0) {
      if (key === 'patience') variant.patience = Math.max(1, Math.round(number));
      else variant[technique.name] = key === 'dropout' ? Math.min(0.99, number) : number;
    }
  }
  if (!variant.label) delete variant.label;
  return variant;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unpack(packed: string): Pick<CsvFile, 'text'> {
  if (packed.length > MOST_PACKED) return {};
  try {
    return { text: strFromU8(inflateSync(fromBase64(packed))) };
  } catch {
    return {};
  }
}

/** Base64 with the two characters that URLs can hold (RFC 4648, section 5). */
function toBase64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}
