// Models taken apart for exports: layers with their options and arrays, and what their outputs mean.
import { type AnyFactory, type Description, factoryOf, optionsOf, ParameterError } from '../errors/index.ts';
import { expandLayers } from '../nn/index.ts';
import type { Weights } from '../train/index.ts';
import { type AnyModel, checkModel, networkOf } from './info.ts';

/** A layer with all that it computes with. */
export interface LayerPart {
  readonly type: string;
  /** Type and number within the type: `dense1`. In an ensemble, the model's number comes before it: `model1.dense1`. */
  readonly name: string;
  /** With their defaults. */
  // biome-ignore lint/suspicious/noExplicitAny: a rule knows the options of its own layer.
  readonly options: any;
  /** Its arrays by their own names, such as `kernel`. */
  readonly arrays: Readonly<Record<string, Weights[number]>>;
  /** The layers inside it. */
  readonly inner: readonly LayerPart[];
}

/** What makes predictions of the last layer's outputs. */
export type Link = 'softmax' | 'sigmoid' | 'identity' | 'exponential';

/** One network of a model. */
export interface NetworkPart {
  readonly layers: readonly LayerPart[];
  readonly link: Link;
  /** How many predictions its outputs hold, which are averaged: those of `memberDense` as the last layer. */
  readonly members: number;
  /** Which features it is given; undefined for all. */
  readonly features: readonly [start: number, end: number] | undefined;
  /** What it counts in the mean over the networks. */
  readonly weight: number;
}

/** The rules of a target by the type of what it expresses, or the reason why it cannot. */
export type Rules<T> = Readonly<Record<string, T | string>>;

/** What predictions are made with, by the type of the loss; or why no target can express them. */
export const links: Readonly<Record<string, Link | { readonly reason: string }>> = {
  softmaxCrossEntropy: 'softmax',
  binaryCrossEntropy: 'sigmoid',
  meanSquaredError: 'identity',
  meanAbsoluteError: 'identity',
  huber: 'identity',
  quantile: 'identity',
  poisson: 'exponential',
  gaussianNll: { reason: 'Its outputs are of two kinds, means and variances.' },
};

/** The networks of a model: one, or those of an ensemble. */
export function networksOf(where: string, model: AnyModel): NetworkPart[] {
  checkModel(where, model);
  const network = networkOf(model);
  const isEnsemble = 'models' in network;
  return (isEnsemble ? network.models : [network]).map((member, i) => {
    const { layers, loss } = member.toJSON();
    const link = Object.hasOwn(links, loss.type) ? links[loss.type] : { reason: 'It is none of the package.' };
    if (typeof link !== 'string') {
      throw new ParameterError(`${where} cannot express the predictions of the loss '${loss.type}'. ${link.reason}`);
    }
    const [features, weight = 1] = isEnsemble ? [network.features?.[i], network.weights?.[i]] : [];
    const parts = partsOf(layers, member.getWeights(), '', isEnsemble ? `model${i + 1}.` : '');
    const last = parts.at(-1);
    return { layers: parts, link, members: last?.type === 'memberDense' ? last.options.members : 1, features, weight };
  });
}

/** What each network counts in means, as a share of 1; undefined where all count the same. */
export function sharesOf(networks: readonly NetworkPart[]): number[] | undefined {
  const total = networks.reduce((sum, { weight }) => sum + weight, 0);
  if (networks.every(({ weight }) => weight === networks[0].weight)) return undefined;
  return networks.map(({ weight }) => weight / total);
}

/** The parts of some layers, whose arrays' names begin with `prefix`, and in an ensemble with `member` in the export. */
function partsOf(
  layers: readonly Description<'layer'>[],
  weights: Weights,
  prefix: string,
  member: string,
): LayerPart[] {
  const counts = new Map<string, number>();
  return expandLayers(layers).map((layer) => {
    const { type } = layer;
    const ordinal = (counts.get(type) ?? 0) + 1;
    counts.set(type, ordinal);
    const own = `${prefix}${type}${ordinal}.`;
    const arrays = weights.filter(({ name }) => name.startsWith(own));
    const { definition } = factoryOf(layer) as AnyFactory;
    const options = optionsOf(layer, definition) as { readonly layers?: readonly Description<'layer'>[] };
    return {
      type,
      name: `${member}${own.slice(0, -1)}`,
      options,
      arrays: Object.fromEntries(arrays.map((array) => [array.name.slice(own.length), array])),
      inner: type === 'residual' ? partsOf(options.layers ?? [], weights, own, member) : [],
    };
  });
}

/**
 * The rule for a layer.
 *
 * @throws ParameterError that names the layer and says why it cannot be expressed.
 */
export function ruleFor<T extends object>(where: string, rules: Rules<T>, { type, name }: LayerPart): T {
  const rule = Object.hasOwn(rules, type) ? rules[type] : 'It is none of the layers of the package.';
  if (typeof rule !== 'string') return rule;
  throw new ParameterError(`${where} cannot express the layer '${type}' (${name}). ${rule}`);
}
