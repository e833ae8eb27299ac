// The figures of all variants as a table.
import { percent, points } from '../format.ts';
import { useSession } from '../hooks.ts';
import type { Session } from '../session.ts';

export function ResultsTable({ session }: { session: Session }) {
  const results = useSession(session, (s) => s.results);
  const runs = useSession(session, (s) => s.runs);
  if (!results) return null;
  return (
    <section class="panel" aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      <div class="scroll">
        <table>
          <caption class="hidden">Results of all variants</caption>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Test accuracy</th>
              <th scope="col">Test loss</th>
              <th scope="col">Train accuracy</th>
              <th scope="col">Train − test</th>
              <th scope="col">Epochs</th>
              <th scope="col">Best epoch</th>
              <th scope="col">Weights near zero</th>
              <th scope="col">Dead units</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ label, result, snapshot }) => (
              <tr key={label} class={label === results.best ? 'best' : undefined}>
                <th scope="row">
                  {label}
                  {label === results.best && <span class="badge">best</span>}
                </th>
                <td>{percent(result?.test.accuracy)}</td>
                <td>{snapshot?.test.loss.toFixed(3)}</td>
                <td>{percent(result?.train.accuracy)}</td>
                <td>{result && points(result.train.accuracy - result.test.accuracy)}</td>
                <td>{result?.epochs}</td>
                <td>{result?.bestEpoch}</td>
                <td>{percent(snapshot?.nearZero, 0)}</td>
                <td>
                  {snapshot?.dead} of {snapshot?.units}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        One seed is an anecdote. Download the spec and run it with more:{' '}
        <code>npx regulus run spec.json --seeds 8</code>
      </p>
    </section>
  );
}
