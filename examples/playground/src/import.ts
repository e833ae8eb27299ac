// Reads what can be imported: a spec, results.json, or the report of a run.
import { type ExperimentSpec, type Results, validateResults, validateSpec } from 'regulus/experiment';

export interface Import {
  spec: ExperimentSpec;
  results?: Results;
}

/** @throws Error in words for people. */
export function readImport(name: string, text: string): Import {
  if (/^\s*</.test(text)) return { spec: specOfReport(name, text) };
  const value = parse(text);
  if (value === undefined) throw new Error(`${name} is neither JSON nor a report.`);
  if (typeof value === 'object' && value !== null && 'trials' in value) {
    const results = validateResults(value);
    return { spec: results.spec, results };
  }
  return { spec: validateSpec(value) };
}

/** Reports show their spec at the end. */
function specOfReport(name: string, html: string): ExperimentSpec {
  const codes = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('pre code');
  for (const code of codes) {
    const value = parse(code.textContent ?? '');
    if (typeof value === 'object' && value !== null && 'variants' in value) return validateSpec(value);
  }
  throw new Error(`${name} has no spec in it. Import the results.json or the report.html of a run.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
