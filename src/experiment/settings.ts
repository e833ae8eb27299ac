// The settings of a variant, and which of them a sweep changes.
import { catalog as builtIn } from '../catalog/index.ts';
import type { Catalog } from '../errors/index.ts';
import { hasPlace, holderOf, valueAt } from './paths.ts';
import { parametersOf, spaces } from './spaces.ts';
import {
  type ExperimentSpec,
  filled,
  type NetworkSpec,
  type settingRules,
  trainingRules,
  type VariantSpec,
} from './spec.ts';

/** What a variant takes from the spec, and a point of a sweep may change. */
export type Settings = Pick<ExperimentSpec, keyof typeof settingRules>;

/** The settings of the spec with a variant's keys. */
export function settingsOf(spec: ExperimentSpec, variant: VariantSpec): Settings {
  const { preprocessing, scaling } = spec;
  return {
    ...(preprocessing && { preprocessing }),
    scaling,
    network: merged(spec.network, variant.network),
    training: { loss: filled(trainingRules, spec.training).loss, ...spec.training, ...variant.training },
  };
}

/** A network of another kind replaces the whole, because none of the keys go together. */
function merged(network: NetworkSpec, own: VariantSpec['network'] = {}): NetworkSpec {
  const kindOf = (of: object) => ['layers', 'preset'].find((key) => key in of);
  const kind = kindOf(own) ?? ('hiddenUnits' in own && kindOf(network) !== 'preset' ? undefined : kindOf(network));
  return { ...(kind === kindOf(network) && network), ...own } as NetworkSpec;
}

/**
 * The paths of the sweep that concern a variant. A value that the variant sets itself stays as it is; and a value inside an
 * object that it does not have, or of another kind, such as the momentum of an optimizer that has none, has nowhere to go.
 */
export function sweptPaths(spec: ExperimentSpec, variant: VariantSpec, catalog: Catalog = builtIn): string[] {
  const { sweep } = spec;
  if (!sweep) return [];
  const settings = settingsOf(spec, variant);
  const ends = settings.training.callbacks?.length || variant.training?.earlyStopping;
  const endsTwice = (path: string) => ends && 'space' in sweep && spaces[sweep.space][path].endsTraining;
  const free = Object.keys(parametersOf(sweep)).filter((path) => valueAt(variant, path) === undefined);
  const placed = free.filter((path) => hasPlace(settings, path, catalog));
  // Where the kind itself is swept, each of its points says whether the option fits.
  const isOfSweptKind = (path: string) => placed.includes(`${holderOf(path)}.type`);
  return free.filter((path) => (placed.includes(path) || isOfSweptKind(path)) && !endsTwice(path));
}
