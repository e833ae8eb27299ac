// What is wrong with a sweep that the schema alone cannot tell: paths, values at their paths, ranges, number of draws.
import { brokenRule, isParameter, suggestPath } from './parameter-paths.ts';
import { broken } from './problems.ts';
import { repeated } from './schema-rules.ts';
import type { SweepSpec } from './spec.ts';
import { countDrawable } from './sweep.ts';

const at = ['sweep', 'parameters'];

/** Sentences about a sweep that has the right keys and types. */
export function sweepProblems(sweep: SweepSpec): string[] {
  const parameters = Object.entries(sweep.parameters);
  if (parameters.length === 0) return [broken(at, "an object with a path such as 'network.l2'", sweep.parameters)];
  const problems = parameters.flatMap(([path, values]) => parameterProblems(path, values));
  if (problems.length > 0 || sweep.type === 'grid') return problems;
  const most = countDrawable(sweep.parameters);
  if (sweep.samples <= most) return [];
  const rule = `at most the number of different points (${most})`;
  return [broken(['sweep', 'samples'], rule, sweep.samples, "Use type 'grid' to try all of them.")];
}

function parameterProblems(path: string, values: SweepSpec['parameters'][string]): string[] {
  if (!isParameter(path)) return [`Unknown option '${path}' of sweep.parameters. ${suggestPath(path)}`];
  const place = [...at, path];
  const ruled: [PropertyKey, unknown][] = Array.isArray(values)
    ? [...values.entries()]
    : [
        ['from', values.from],
        ['to', values.to],
      ];
  const wrong = ruled.flatMap(([key, value]) => {
    const rule = brokenRule(path, value);
    return rule ? broken([...place, key], rule, value) : [];
  });
  if (wrong.length > 0) return wrong;
  if (Array.isArray(values)) {
    return [...repeated(values)].map(([i, first]) =>
      broken([...place, i], `different from the value at index ${first}`, values[i]),
    );
  }
  const { from, to, scale } = values;
  if (from >= to) return [broken([...place, 'to'], `larger than from (${from})`, to)];
  return scale === 'log' && from <= 0 ? [broken([...place, 'from'], "larger than 0 with scale 'log'", from)] : [];
}
