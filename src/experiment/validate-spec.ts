// Checks an experiment spec and reports every problem at once, each with its path.
import * as z from 'zod';
import { ParameterError } from '../errors/index.ts';
import { atPoint, countTrials, sectionsOf, type TrialSections } from './expand.ts';
import { problemsOf, sentences, where } from './problems.ts';
import { sections, specSchema, sweepSchema } from './schema.ts';
import type { ExperimentSpec, SweepPoint, SweepSpec, VariantSpec } from './spec.ts';
import { points } from './sweep.ts';
import { sweepProblems } from './sweep-problems.ts';

const mostTrials = 1_000_000;

/**
 * Checks that `value` is an {@link ExperimentSpec} and returns a copy of it, without `$schema`, with its keys in a fixed order.
 *
 * Every variant is checked at every point of a sweep, so that no trial fails for its parameters alone. Data files are
 * not looked at.
 *
 * @throws ParameterError that lists all problems, each with its path such as `variants[2].network.l1`.
 */
export function validateSpec(value: unknown): ExperimentSpec {
  const root = ownCopy(value);
  const { data, error } = specSchema.safeParse(root, { jitless: true });
  const problems = error ? sentences(error.issues, root) : [];
  const sweep = sweepSchema.safeParse((root as { sweep?: unknown } | null | undefined)?.sweep, { jitless: true }).data;
  if (sweep) problems.push(...sweepProblems(sweep));
  if (data && problems.length === 0) problems.push(...trialProblems(data));
  if (problems.length > 1) {
    throw new ParameterError(
      `${where} has ${problems.length} problems:\n- ${problems.join('\n- ')}`.replace('the', 'The'),
    );
  }
  if (!data || problems.length === 1) throw new ParameterError(problems[0]);
  const { $schema, ...spec } = data;
  return spec;
}

/** Checks a spec where it is written, with types: `export default defineExperiment({ … })` in `regulus.config.ts`. */
export function defineExperiment(spec: ExperimentSpec): ExperimentSpec {
  return validateSpec(spec);
}

/** As JSON would keep it: own keys only, and none without a value. */
function ownCopy(value: unknown, above: readonly unknown[] = []): unknown {
  // No spec holds itself, so such a value is wrong wherever it stands and need not be copied.
  if (typeof value !== 'object' || value === null || above.includes(value)) return value;
  const copy = (item: unknown) => ownCopy(item, [...above, value]);
  if (Array.isArray(value)) return value.map(copy);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, copy(item)]));
}

function trialProblems(spec: ExperimentSpec): string[] {
  const count = countTrials(spec);
  if (count > mostTrials) {
    return [`Got ${count} trials from ${where}, and at most ${mostTrials} are allowed. Take fewer seeds or points.`];
  }
  return spec.variants.flatMap((variant) => variantProblems(spec, variant));
}

/** Speaks of the first point that goes wrong only: its neighbours mostly go wrong in the same way. */
function variantProblems(spec: ExperimentSpec, variant: VariantSpec): string[] {
  const own = `In variant '${variant.label}'`;
  const base = sectionsOf(spec, variant);
  const problems = problemsOf(sectionsSchema, base);
  if (problems.length > 0 || !spec.sweep) return problems.map((problem) => `${own}: ${problem}`);
  const swept = sectionsIn(spec.sweep);
  for (const point of points(spec.sweep)) {
    const wrong = pointProblems(base, point, swept);
    const text = Object.entries(point).map(([path, value]) => `${path} = ${value}`);
    if (wrong.length > 0) return wrong.map((problem) => `${own}, at ${text.join(', ')}: ${problem}`);
  }
  return [];
}

const sectionsSchema = z.object(sections);

/** Only what a sweep changes need be checked at every point. */
function sectionsIn({ parameters }: SweepSpec): z.ZodType {
  const names = Object.keys(parameters).map((path) => path.split('.')[0] as keyof TrialSections);
  return z.object(Object.fromEntries(names.map((name) => [name, sections[name]])));
}

function pointProblems(base: TrialSections, point: SweepPoint, swept: z.ZodType): string[] {
  try {
    return problemsOf(swept, atPoint(base, point));
  } catch (error) {
    if (error instanceof ParameterError) return [error.message];
    throw error;
  }
}
