// What to train on.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { classColor, css } from '../colors.ts';
import { firstRow, readCsvFile } from '../csv.ts';
import { percent, whole } from '../format.ts';
import { useSession } from '../hooks.ts';
import type { Session } from '../session.ts';
import { type CsvFile, type DatasetName, datasets, limits, type State } from '../state.ts';
import { Choice, NumberField, Slider } from './fields.tsx';

interface Props {
  state: State;
  session: Session;
  onChange: (change: Partial<State>) => void;
}

export function DataPanel({ state, session, onChange }: Props) {
  const [error, setError] = useState('');
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      onChange({ data: 'csv', csv: await readCsvFile(file) });
      setError('');
    } catch (problem) {
      setError((problem as Error).message);
    }
  };
  useFileDrop(take);
  const made = state.data !== 'digits' && state.data !== 'csv';
  return (
    <section class="panel" aria-labelledby="data-title">
      <h2 id="data-title">Data</h2>
      <fieldset class="datasets">
        <legend class="hidden">Data set</legend>
        {Object.entries(datasets).map(([name, title]) => (
          <label key={name}>
            <input
              type="radio"
              name="data"
              value={name}
              checked={state.data === name}
              onChange={() => onChange({ data: name as DatasetName })}
            />
            <Icon name={name as DatasetName} />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      {state.data === 'csv' && <CsvFields state={state} onChange={onChange} error={error} onFile={take} />}
      {made && (
        <>
          <Slider
            label="Samples"
            value={state.samples}
            text={whole(state.samples)}
            min={limits.samples[0]}
            max={limits.samples[1]}
            step={50}
            onInput={(samples) => onChange({ samples })}
          />
          <Slider
            label="Noise"
            value={state.noise}
            text={percent(state.noise, 0)}
            min={0}
            max={1}
            step={0.05}
            onInput={(noise) => onChange({ noise })}
          />
        </>
      )}
      <Slider
        label="Noise features"
        value={state.extra}
        text={String(state.extra)}
        min={limits.extra[0]}
        max={limits.extra[1]}
        step={1}
        onInput={(extra) => onChange({ extra })}
      />
      <Slider
        label="Share for the test"
        value={state.testSize}
        text={percent(state.testSize, 0)}
        min={limits.testSize[0]}
        max={limits.testSize[1]}
        step={0.05}
        onInput={(testSize) => onChange({ testSize })}
      />
      {state.data !== 'digits' && (
        <NumberField
          label={made ? 'Data seed' : 'Split seed'}
          value={state.dataSeed}
          min={limits.dataSeed[0]}
          max={limits.dataSeed[1]}
          onInput={(dataSeed) => onChange({ dataSeed, noiseSeed: undefined, splitSeed: undefined })}
        />
      )}
      <Counts session={session} />
    </section>
  );
}

/** Takes a file that is dropped anywhere on the page. */
function useFileDrop(take: (file: File | undefined) => void): void {
  const current = useRef(take);
  current.current = take;
  useEffect(() => {
    const allow = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      current.current(event.dataTransfer?.files[0]);
    };
    addEventListener('dragover', allow);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', allow);
      removeEventListener('drop', drop);
    };
  }, []);
}

function Counts({ session }: { session: Session }) {
  const data = useSession(session, (s) => s.data);
  if (!data) return <p class="note">…</p>;
  const [train, validation, test] = data.counts;
  return (
    <>
      <p class="note">
        {train} samples to train on, {validation} to validate, {test} to test; {data.features} features, {data.classes}{' '}
        classes.
      </p>
      {data.area && (
        <p class="note legend">
          <span class="dot" /> train <span class="ring" /> test
          {Array.from({ length: Math.min(data.classes, 8) }, (_, k) => (
            <span key={k} class="class" style={{ background: css(classColor(k)) }}>
              <span class="hidden">color of </span>
              {k}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

interface CsvProps extends Pick<Props, 'state' | 'onChange'> {
  error: string;
  onFile: (file: File | undefined) => void;
}

function CsvFields({ state: { csv }, onChange, error, onFile }: CsvProps) {
  const id = useId();
  const change = (part: Partial<CsvFile>) => csv && onChange({ csv: { ...csv, ...part } });
  const names = csv?.text === undefined ? [] : firstRow(csv.text);
  const header = csv?.header !== false;
  return (
    <div class="drop">
      <label for={id}>{csv ? csv.name : 'Drop a CSV file on the page, or choose one'}</label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv,text/plain"
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
      {csv && csv.text === undefined && (
        <p role="alert" class="error">
          The link names {csv.name} but does not hold it. Choose the file to go on.
        </p>
      )}
      {error && (
        <p role="alert" class="error">
          {error}
        </p>
      )}
      {names.length > 0 && (
        <>
          <Choice
            label="Column of classes"
            value={
              typeof csv?.target === 'number'
                ? csv.target
                : header && csv?.target !== undefined
                  ? names.indexOf(csv.target)
                  : names.length - 1
            }
            options={names.map((name, i) => [i, header ? name || `Column ${i + 1}` : `Column ${i + 1}`] as const)}
            onInput={(target) => change({ target })}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={header}
              onChange={(event) => change({ header: event.currentTarget.checked })}
            />
            The first row holds names
          </label>
        </>
      )}
      <p class="note">
        All other columns must be numbers. The file stays in your browser, and in the link if it is small.
      </p>
    </div>
  );
}

/** A dozen points that look like the data. */
function Icon({ name }: { name: DatasetName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class="icon">
      {iconPoints(name).map(([x, y, k]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="1.5" fill={css(classColor(k))} />
      ))}
      {name === 'digits' && <path d="M8 6q8-4 8 2q0 4-5 4q6 0 6 4.500q0 5-10 2" class="stroke" />}
      {name === 'csv' && <path d="M6 3h8l4 4v14H6zM9 11h6M9 14h6M9 17h6" class="stroke" />}
    </svg>
  );
}

function iconPoints(name: DatasetName): (readonly [x: number, y: number, label: number])[] {
  const turn = (n: number, of: number, from = 0, to = 2 * Math.PI) => from + ((to - from) * n) / of;
  const ring = (count: number, radius: number, label: number) =>
    Array.from({ length: count }, (_, i) => {
      const angle = turn(i, count);
      return [12 + radius * Math.cos(angle), 12 + radius * Math.sin(angle), label] as const;
    });
  if (name === 'circles') return [...ring(12, 9, 0), ...ring(6, 4, 1)];
  if (name === 'moons') {
    return Array.from({ length: 7 }, (_, i) => {
      const angle = turn(i, 6, 0, Math.PI);
      return [
        [9 + 6.5 * Math.cos(angle), 13 - 8 * Math.sin(angle), 0] as const,
        [15 - 6.5 * Math.cos(angle), 11 + 8 * Math.sin(angle), 1] as const,
      ];
    }).flat();
  }
  if (name === 'blobs') {
    const offsets = [
      [0, 0],
      [2.6, 1],
      [-2, 2],
      [-1, -2.5],
      [2, -2],
    ];
    const centers = [
      [6, 7, 0],
      [17, 6, 1],
      [8, 18, 2],
      [18, 17, 3],
    ];
    return centers.flatMap(([x, y, k]) => offsets.map(([dx, dy]) => [x + dx, y + dy, k] as const));
  }
  if (name === 'classification') {
    return [
      [4, 6, 0],
      [7, 9, 0],
      [6, 4, 0],
      [9, 6, 0],
      [18, 19, 0],
      [15, 17, 0],
      [20, 16, 0],
      [17, 15, 0],
      [5, 17, 1],
      [8, 19, 1],
      [7, 15, 1],
      [10, 16, 1],
      [17, 5, 1],
      [15, 8, 1],
      [20, 8, 1],
      [13, 5, 1],
    ];
  }
  return [];
}
