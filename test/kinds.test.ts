// docs/kinds.md: a table of every kind, made from the definitions. `npx vitest run test/kinds.test.ts -u` makes it anew.
import { expect, test } from 'vitest';
import { generators } from '../src/data/index.ts';
import { type Definition, defaultText, type OptionRule, ruleText } from '../src/errors/index.ts';
import { transformers } from '../src/preprocessing/index.ts';
import { catalog } from './catalog.ts';

const families: [title: string, factories: readonly { definition: Definition }[]][] = [
  ['Layers', catalog.layer!],
  ['Losses', catalog.loss!],
  ['Metrics', catalog.metric!],
  ['Optimizers', catalog.optimizer!],
  ['Schedules', catalog.schedule!],
  ['Regularizers', catalog.regularizer!],
  ['Constraints', catalog.constraint!],
  ['Initializers', catalog.initializer!],
  ['Callbacks', catalog.callback!],
  ['Augmentations', catalog.augmentation!],
  ['Generators of data', generators],
  ['Transformers', transformers],
];

test('docs/kinds.md is what the definitions say', async () => {
  await expect(page()).toMatchFileSnapshot('../docs/kinds.md');
});

test('every family of the catalog has its chapter, every kind and every option its sentence', () => {
  const listed = families.flatMap(([, factories]) => factories);
  expect(
    Object.values(catalog)
      .flat()
      .filter((factory) => !listed.includes(factory)),
  ).toEqual([]);
  for (const { definition } of listed) {
    const { type, describe, options } = definition;
    expect(describe, type).toMatch(/\S/);
    for (const [name, rule] of Object.entries(options)) expect(rule.describe, `${type}.${name}`).toMatch(/\S/);
  }
});

function page(): string {
  const chapters = families.map(([title, factories]) =>
    [`## ${title}`, ...factories.map(({ definition }) => section(definition))].join('\n\n'),
  );
  return `# Kinds

Everything that a network, its training and its data are made of, by type. A description is the same in code,
\`dense(64, { useBias: false })\`, and as JSON in a spec, \`{ "type": "dense", "units": 64, "useBias": false }\`. This page is made from the
definitions.

${chapters.join('\n\n')}
`;
}

function section({ type, describe, shorthand, options }: Definition): string {
  const rows = Object.entries(options).map(([name, rule]) => row(name, rule));
  const alone = shorthand ? ` \`${shorthand}\` can be given alone: \`${type}(…)\`.` : '';
  const table = ['| option | values | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return [`### ${type}`, `${describe}.${alone}`, ...(rows.length > 0 ? [table] : [])].join('\n\n');
}

function row(name: string, rule: OptionRule): string {
  const cells = [`\`${name}\``, ruleText(rule), defaultText(rule), rule.describe ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
