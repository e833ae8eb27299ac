// Form controls with their labels.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface SliderProps {
  label: string;
  value: number;
  onInput: (value: number) => void;
  /** What is read out and shown instead of the number. */
  text: string;
  min: number;
  max: number;
  step: number;
  describedBy?: string;
}

export function Slider({ label, value, onInput, text, min, max, step, describedBy }: SliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{text}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        aria-describedby={describedBy}
        style={{ '--share': (value - min) / (max - min) }}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}

/** A slider over a list of values. */
export function StepSlider({
  values,
  value,
  onInput,
  ...rest
}: Omit<SliderProps, 'min' | 'max' | 'step'> & { values: readonly number[] }) {
  const distances = values.map((one) => Math.abs(one - value));
  const index = distances.indexOf(Math.min(...distances));
  return (
    <Slider {...rest} value={index} onInput={(i) => onInput(values[i])} min={0} max={values.length - 1} step={1} />
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  onInput: (value: number) => void;
  min: number;
  max: number;
  children?: ComponentChildren;
}

/** A whole number that is typed; while what is typed is none, nothing changes. */
export function NumberField({ label, value, onInput, min, max, children }: NumberFieldProps) {
  const id = useId();
  const [wrong, setWrong] = useState(false);
  return (
    <div class="number">
      <label for={id}>{label}</label>
      <span class="row">
        <input
          id={id}
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          step={1}
          value={value}
          aria-invalid={wrong}
          onInput={({ currentTarget: { value: text, valueAsNumber: number } }) => {
            const right = text !== '' && Number.isInteger(number) && number >= min && number <= max;
            setWrong(!right);
            if (right) onInput(number);
          }}
        />
        {children}
      </span>
    </div>
  );
}

interface ChoiceProps<T extends string | number> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  onInput: (value: T) => void;
}

export function Choice<T extends string | number>({ label, value, options, onInput }: ChoiceProps<T>) {
  const id = useId();
  const index = options.findIndex(([one]) => one === value);
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select id={id} value={index} onInput={(event) => onInput(options[Number(event.currentTarget.value)][0])}>
        {options.map(([one, text], i) => (
          <option key={one} value={i}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
