// The text of results.json in pieces, because that of ten thousand trials may not fit into one string.
import type { Results } from '../experiment/index.ts';

/** What `JSON.stringify(results, null, 2)` gives, and a line end; trials come one by one. */
export function* resultsJson(results: Results): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(results)) {
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (key === 'trials') yield* elements(results.trials);
    else yield indented(value, '  ');
    before = ',';
  }
  yield '\n}\n';
}

/** At least one. */
function* elements(values: readonly object[]): Generator<string> {
  for (const [i, value] of values.entries()) yield `${i === 0 ? '[' : ','}\n    ${indented(value, '    ')}`;
  yield '\n  ]';
}

/** Strings hold no line ends in JSON, so all of them are between values. */
function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}
