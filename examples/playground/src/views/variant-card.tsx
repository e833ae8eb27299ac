// One variant: its picture, figures and curves, and the switches of its techniques.
import { useId } from 'preact/hooks';
import { variantColor } from '../colors.ts';
import { percent, plain, points, whole } from '../format.ts';
import { useSession } from '../hooks.ts';
import type { Session } from '../session.ts';
import type { Metric, Variant } from '../state.ts';
import { type Technique, techniques } from '../techniques.ts';
import { Boundary } from './boundary.tsx';
import { GapChart, WeightHistogram } from './curves.tsx';
import { StepSlider } from './fields.tsx';

interface Props {
  session: Session;
  run: number;
  label: string;
  variant: Variant;
  onChange: (variant: Variant) => void;
  onRemove: (() => void) | undefined;
  metric: Metric;
  epochs: number;
  dark: boolean;
}

export function VariantCard({ session, run, label, variant, onChange, onRemove, metric, epochs, dark }: Props) {
  const id = useId();
  const common = { session, run, label, dark };
  return (
    <article class="card" aria-labelledby={id} style={{ '--variant': variantColor(run, dark) }}>
      <header>
        <h3 id={id}>{label}</h3>
        {onRemove && (
          <button type="button" class="quiet" onClick={onRemove} aria-label={`Remove ${label}`}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M4 4l8 8M12 4l-8 8" />
            </svg>
          </button>
        )}
      </header>
      <Boundary {...common} />
      <Figures session={session} run={run} />
      <h4>
        {metric === 'accuracy' ? 'Accuracy' : 'Loss'} <small>dashed train, solid validation</small>
      </h4>
      <GapChart {...common} metric={metric} epochs={epochs} />
      <Weights {...common} />
      <div class="techniques">
        {techniques.map((technique) => (
          <TechniqueSwitch key={technique.name} technique={technique} variant={variant} onChange={onChange} />
        ))}
      </div>
    </article>
  );
}

function Figures({ session, run }: Pick<Props, 'session' | 'run'>) {
  const snapshot = useSession(session, (s) => s.runs[run]?.snapshot);
  const result = useSession(session, (s) => s.runs[run]?.result);
  const gap = snapshot ? snapshot.train.accuracy - snapshot.validation.accuracy : 0;
  const stopped = result && result.epochs < (session.spec?.training.epochs ?? 0);
  return (
    <dl class="figures">
      <div class="main">
        <dt>Test accuracy</dt>
        <dd>{percent(snapshot?.test.accuracy)}</dd>
      </div>
      <div class="gap" title="Train minus validation accuracy: what was learned by heart">
        <dt>Gap</dt>
        <dd>{snapshot ? points(gap) : '–'}</dd>
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${Math.min(100, Math.max(0, gap * 300))}%` }} />
        </span>
      </div>
      <div>
        <dt>Train</dt>
        <dd>{percent(snapshot?.train.accuracy)}</dd>
      </div>
      <div>
        <dt>Validation</dt>
        <dd>{percent(snapshot?.validation.accuracy)}</dd>
      </div>
      <div>
        <dt>{stopped ? 'Stopped at' : 'Epoch'}</dt>
        <dd>
          {snapshot?.epoch ?? 0}
          {stopped && <small> best {result.bestEpoch}</small>}
        </dd>
      </div>
      <div>
        <dt>Steps a second</dt>
        <dd>{snapshot?.stepsPerSecond ? whole(snapshot.stepsPerSecond) : '–'}</dd>
      </div>
    </dl>
  );
}

function Weights({
  session,
  run,
  label,
  dark,
}: Omit<Props, 'variant' | 'onChange' | 'onRemove' | 'metric' | 'epochs'>) {
  const snapshot = useSession(session, (s) => s.runs[run]?.snapshot);
  return (
    <>
      <h4>
        Weights{' '}
        {snapshot && (
          <small>
            {percent(snapshot.nearZero, 0)} near zero{snapshot.zero > 0 && `, ${percent(snapshot.zero, 0)} zero`};{' '}
            {snapshot.dead} of {snapshot.units} units dead
          </small>
        )}
      </h4>
      <WeightHistogram session={session} run={run} label={label} dark={dark} />
    </>
  );
}

interface SwitchProps {
  technique: Technique;
  variant: Variant;
  onChange: (variant: Variant) => void;
}

function TechniqueSwitch({ technique, variant, onChange }: SwitchProps) {
  const { name, title, parameter, explanation, initial, values } = technique;
  const id = useId();
  const value = variant[name];
  const set = (changed: number | undefined) => {
    const { [name]: _, label: __, ...others } = variant;
    onChange(changed === undefined ? others : { ...others, [name]: changed });
  };
  return (
    <div class={value === undefined ? 'technique' : 'technique on'}>
      <label class="switch">
        <input
          type="checkbox"
          checked={value !== undefined}
          aria-describedby={id}
          onChange={(event) => set(event.currentTarget.checked ? initial : undefined)}
        />
        <span>{title}</span>
      </label>
      <p id={id} class={value === undefined ? 'hidden' : 'explanation'}>
        {explanation}
      </p>
      {value !== undefined && (
        <StepSlider
          label={parameter}
          values={values}
          value={value}
          text={plain(value)}
          onInput={set}
          describedBy={id}
        />
      )}
    </div>
  );
}
