// The network, and how it is trained: the same for all variants.
import { whole } from '../format.ts';
import { learningRates, limits, mostLayers, mostUnits, type Optimizer, optimizers, type State } from '../state.ts';
import { Choice, NumberField, StepSlider } from './fields.tsx';

interface Props {
  state: State;
  onChange: (change: Partial<State>) => void;
}

const units = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, mostUnits];
const batchSizes = [1, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const epochCounts = [20, 50, 100, 200, 300, 500, 1000, 2000, 5000];

export function NetworkPanel({ state, onChange }: Props) {
  const { hidden } = state;
  const setUnits = (layer: number, count: number) =>
    onChange({ hidden: hidden.map((old, i) => (i === layer ? count : old)) });
  return (
    <section class="panel" aria-labelledby="network-title">
      <h2 id="network-title">Network</h2>
      {hidden.map((count, i) => (
        <StepSlider
          key={i}
          label={`Units in hidden layer ${i + 1}`}
          values={units}
          value={count}
          text={String(count)}
          onInput={(value) => setUnits(i, value)}
        />
      ))}
      {hidden.length === 0 && <p class="note">No hidden layer: a linear classifier.</p>}
      <div class="row">
        <button
          type="button"
          disabled={hidden.length === mostLayers}
          onClick={() => onChange({ hidden: [...hidden, hidden.at(-1) ?? 16] })}
        >
          Add a layer
        </button>
        <button type="button" disabled={hidden.length === 0} onClick={() => onChange({ hidden: hidden.slice(0, -1) })}>
          Remove a layer
        </button>
      </div>
      <h2>Training</h2>
      <Choice
        label="Optimizer"
        value={state.optimizer}
        options={Object.entries(optimizers) as [Optimizer, string][]}
        onInput={(optimizer) => onChange({ optimizer })}
      />
      <StepSlider
        label="Learning rate"
        values={learningRates}
        value={state.learningRate}
        text={String(state.learningRate)}
        onInput={(learningRate) => onChange({ learningRate })}
      />
      <StepSlider
        label="Batch size"
        values={batchSizes}
        value={state.batchSize}
        text={String(state.batchSize)}
        onInput={(batchSize) => onChange({ batchSize })}
      />
      <StepSlider
        label="Epochs"
        values={epochCounts}
        value={state.epochs}
        text={whole(state.epochs)}
        onInput={(epochs) => onChange({ epochs })}
      />
      <NumberField
        label="Seed"
        value={state.seed}
        min={limits.seed[0]}
        max={limits.seed[1]}
        onInput={(seed) => onChange({ seed })}
      >
        <button type="button" onClick={() => onChange({ seed: crypto.getRandomValues(new Uint16Array(1))[0] })}>
          Another
        </button>
      </NumberField>
      <p class="note">The seed decides the first weights, the order of the samples and what dropout drops.</p>
    </section>
  );
}
