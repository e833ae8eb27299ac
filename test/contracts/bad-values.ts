// Values that a rule refuses, made from the rule alone, with the words that the error must have.
import { type OptionRule, ruleText } from '../../src/errors/index.ts';
import { type Kind, samples } from './samples.ts';

/** A value, and what must be said of it. */
export interface BadValue {
  value: unknown;
  /** The rule that is broken. */
  rule: string;
  /** The item of a list that is wrong, such as `[1]`. */
  item?: string;
}

const kinds = Object.keys(samples) as Kind[];
const sampleOf = (kind: Kind) => Object.values(samples[kind])[0][0];

/** A number just outside each end of an interval. */
function outside(interval: string): number[] {
  const [low, high] = interval.slice(1, -1).split(', ');
  const ends = [
    [low, interval.startsWith('('), -1],
    [high, interval.endsWith(')'), 1],
  ] as const;
  return ends.flatMap(([text, isOpen, sign]) => {
    const end = Number(text);
    return text.endsWith('inf') ? [] : [isOpen ? end : end + sign * Math.max(1e-9, Math.abs(end) * 1e-9)];
  });
}

/** Values of forms that no number, text or object can be taken for. */
const never = [null, Symbol.iterator, () => 1, 1n];

/** Values of the right form that are out of range. */
function outOfRange(rule: OptionRule): BadValue[] {
  const broken = (values: unknown[]) => values.map((value): BadValue => ({ value, rule: ruleText(rule) }));
  switch (rule.form) {
    case 'number':
      return broken([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...outside(rule.interval)]);
    case 'integer': {
      const ends = [rule.min - 1, rule.max + 1].filter(Number.isFinite);
      return broken([Number.NaN, rule.min + 0.5, Number.POSITIVE_INFINITY, ...ends]);
    }
    case 'oneOf':
      return broken(['', 'nothing', rule.choices[0].toUpperCase()]);
    case 'text':
      return rule.pattern ? broken(['', ' ']) : [];
    case 'list': {
      const short = rule.minLength > 0 ? broken([[]]) : [];
      const items = badValues(rule.item).map(({ value, rule: text }) => ({ value: [value], rule: text, item: '[0]' }));
      return [...short, ...(rule.minLength <= 1 ? items : [])];
    }
    case 'vector':
      return outside(rule.interval).map((value) => ({
        value: [value],
        rule: `a number in the range ${rule.interval}`,
        item: '[0]',
      }));
    case 'anyOf':
      return rule.rules.flatMap(outOfRange);
    case 'kind': {
      const others = kinds.filter((kind) => kind !== rule.of).map(sampleOf);
      const own = sampleOf(rule.of as Kind);
      return broken([...others, { ...own }, { type: 'nothing' }, {}, 'nothing']);
    }
    default:
      return [];
  }
}

/** Values of another form than the rule's. */
function ofAnotherForm(rule: OptionRule): BadValue[] {
  const forms = (rule.form === 'anyOf' ? rule.rules : [rule]).map(({ form }) => form);
  const has = (...names: string[]) => names.some((name) => (forms as string[]).includes(name));
  const values = [
    ...never.filter((value) => !(value === null && has('null'))),
    ...(has('number', 'integer') ? [] : [3]),
    ...(has('boolean') ? [] : [true]),
    ...(has('text', 'oneOf', 'kind') ? [] : ['text']),
    ...(has('list', 'vector') ? [] : [[1]]),
    ...(has('object', 'record', 'kind') ? [] : [{ a: 1 }]),
  ];
  return values.map((value) => ({ value, rule: ruleText(rule) }));
}

/** Values that `rule` refuses. */
export const badValues = (rule: OptionRule): BadValue[] => [...outOfRange(rule), ...ofAnotherForm(rule)];
