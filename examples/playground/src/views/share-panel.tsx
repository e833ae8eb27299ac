// Links and files: what goes out of the page, and what comes in.
import { useState } from 'preact/hooks';
import type { ExperimentSpec, Results } from 'regulus/experiment';
import { percent } from '../format.ts';
import { useSession } from '../hooks.ts';
import { readImport } from '../import.ts';
import type { Session } from '../session.ts';
import { fromSpec, toSpec } from '../spec.ts';
import type { State } from '../state.ts';

interface Props {
  session: Session;
  state: State;
  onImport: (state: State) => void;
}

export function SharePanel({ session, state, onImport }: Props) {
  const results = useSession(session, (s) => s.results);
  const [message, setMessage] = useState('');
  const [error, setError] = useState('');
  const [imported, setImported] = useState<Results>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      setMessage('The link is copied. It holds all settings.');
    } catch {
      setMessage('Copy the link from the address bar: it holds all settings.');
    }
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    setMessage('');
    setError('');
    setImported(undefined);
    try {
      const { spec, results: found } = readImport(file.name, await file.text());
      const { state: next, differences } = fromSpec(spec);
      onImport({ ...next, speed: state.speed, metric: state.metric });
      setImported(found);
      setMessage(describeImport(file.name, spec, differences));
    } catch (problem) {
      setError((problem as Error).message);
    }
  };
  return (
    <section class="panel" aria-labelledby="share-title">
      <h2 id="share-title">Share</h2>
      <div class="row">
        <button type="button" onClick={copy}>
          Copy link
        </button>
        <button type="button" onClick={() => download('spec.json', json(toSpec(state)))}>
          Spec for the CLI
        </button>
        <button type="button" disabled={!results} onClick={() => results && download('results.json', json(results))}>
          Results
        </button>
        <label class="button">
          Import
          <input
            type="file"
            class="hidden"
            accept=".json,.html,application/json,text/html"
            aria-label="Import a spec, results or a report"
            onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }}
          />
        </label>
      </div>
      <p role="status" class="note">
        {message}
      </p>
      {error && (
        <p role="alert" class="error">
          {error}
        </p>
      )}
      <p class="note">
        The same seed gives the same trials, digit for digit: <code>npx regulus run spec.json</code>
        {state.data === 'csv' && ', with the CSV file beside it'}.
      </p>
      {imported && <Imported results={imported} />}
    </section>
  );
}

function describeImport(file: string, { name }: ExperimentSpec, differences: readonly string[]): string {
  const what = `${file} (${name}) is imported.`;
  if (differences.length === 0) return `${what} The page has its settings.`;
  return `${what} The page cannot train its ${differences.join(', ')} exactly; it has the nearest settings.`;
}

function Imported({ results }: { results: Results }) {
  const { metric, metrics } = results;
  const name = `test${metric[0].toUpperCase()}${metric.slice(1)}` as const;
  const text = metrics[metric].unit === 'share' ? percent : (value: number) => String(Number(value.toPrecision(4)));
  return (
    <div class="imported">
      <h3>Imported: {results.name}</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">{metricTitle(metric)}</th>
              <th scope="col">95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {results.summary.map(({ variant, point, [name]: { mean, ci95 } }, i) => (
              <tr key={i} class={variant === results.best ? 'best' : undefined}>
                <th scope="row">
                  {[
                    variant,
                    ...Object.entries(point ?? {}).map(([path, value]) => `${path} = ${valueText(value)}`),
                  ].join(', ')}
                </th>
                <td>{text(mean)}</td>
                <td>{ci95 ? `${text(ci95[0])} to ${text(ci95[1])}` : 'one seed'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {results.comparisons?.map(({ variant, text }) => (
        <p key={variant} class="note">
          {text}.
        </p>
      ))}
    </div>
  );
}

const valueText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `rootMeanSquaredError` as `Test root mean squared error`; the loss without penalty is the one that people mean. */
const metricTitle = (metric: string) =>
  `Test ${metric === 'dataLoss' ? 'loss' : metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
