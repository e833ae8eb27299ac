// Pages and figures of docs/methods, made from the definitions, their comments and the tours.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, defaultText, ruleText } from '../../src/errors/index.ts';
import { catalog } from '../catalog.ts';
import { examples } from '../snippets.ts';
import type { Page } from './pages.ts';

/** What docs/methods/tours.json has of a variant. */
export interface Tour {
  variant: string;
  train: number;
  test: number;
  difference?: number;
  verdict?: string;
  nearZero: number;
  curves: { train: number[]; validation: number[] };
}

export type Tours = Readonly<Record<string, readonly Tour[]>>;

const tourNames = { 'regularization-tour': 'few noisy rows', 'regularization-tour-plenty': 'many clean rows' };
const fileOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');
const definitionOf = (type: string): Definition =>
  Object.values(catalog)
    .flat()
    .find(({ definition }) => definition.type === type)?.definition as Definition;

const sources = ['nn', 'optim', 'train'].flatMap((module) =>
  readdirSync(join('src', module), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join('src', module, name), 'utf8')),
);

/** The comment of a kind, without its tags, and its example. */
function comment(type: string): { text: string; example: string } {
  const source = sources.find((each) => each.includes(`export const ${type} = `)) as string;
  const before = source.slice(0, source.indexOf(`export const ${type} = `));
  const whole = before.slice(before.lastIndexOf('/**'));
  const text = whole
    .split(/^ \* @/m)[0]
    .replace(/^\/\*\*\n?| ?\*\/\s*$/g, '')
    .replace(/^ \* ?/gm, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim();
  return {
    text,
    example: examples(whole)[0]
      .text.replace(/^@example\n/, '')
      .trim(),
  };
}

/** The files of docs/methods by name. */
export function render(pages: readonly Page[], tours: Tours): Record<string, string> {
  const files: Record<string, string> = { 'README.md': overview(pages, tours) };
  for (const page of pages) {
    const name = fileOf(page.title);
    files[`${name}.md`] = pageText(page, tours);
    files[`${name}.svg`] = figure(page.title, tours['regularization-tour']);
  }
  return files;
}

const find = (tour: readonly Tour[], title: string) => tour.find(({ variant }) => variant === title) as Tour;
const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value)}`;
const verdicts: Record<string, string> = { better: 'better', worse: 'worse' };
const outcome = ({ difference = 0, verdict = '' }: Tour) =>
  `${signed(difference)} (${verdicts[verdict] ?? 'not distinguished'})`;

function overview(pages: readonly Page[], tours: Tours): string {
  const [few, plenty] = Object.keys(tourNames).map((name) => tours[name]);
  const rows = pages.map(
    ({ title }) =>
      `| [${title}](${fileOf(title)}.md) | ${outcome(find(few, title))} | ${outcome(find(plenty, title))} |`,
  );
  return `# Methods of regularization

One page for each method: what it is, what it does to a network, when it helps. The numbers are those of two presets, which run every method
alone against the same network without it, with eight seeds: \`regulus run regularization-tour\` has few rows (210 to train on, 30 features of which 8 tell
something, 15 % of the labels drawn anew), \`regulus run regularization-tour-plenty\` many without noise. The strengths are those that papers
suggest; none was chosen on these data.

The table has the difference in test cross-entropy to the network without the method, where less is better: ${find(few, 'Baseline').test} on few noisy rows,
${find(plenty, 'Baseline').test} on many clean ones. "Not distinguished": the paired comparison over the seeds found no difference (Holm's correction, 5 %).

| method | few noisy rows | many clean rows |
| --- | --- | --- |
${rows.join('\n')}

The pages are made from the definitions (\`npx vitest run test/methods -u\`), the numbers by \`scripts/methods.mjs\`.
`;
}

function pageText({ title, types, options: own, text, helps }: Page, tours: Tours): string {
  const parts = types.map((type) => {
    const { options } = definitionOf(type);
    const described = comment(type);
    const rows = Object.entries(options)
      .filter(([name]) => own === undefined || own.includes(name))
      .map(
        ([name, rule]) =>
          `| ${[`\`${name}\``, ruleText(rule), defaultText(rule), rule.describe ?? ''].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
      );
    const table = ['| option | values | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
    return { ...described, type, table: rows.length > 0 ? table : `\`${type}\` has no options.` };
  });
  const rows = Object.entries(tourNames).map(([name, what]) => {
    const [base, tour] = ['Baseline', title].map((variant) => find(tours[name], variant));
    const share = ({ nearZero }: Tour) => `${Number((100 * nearZero).toPrecision(2))} %`;
    return `| ${what} | ${base.train} → ${tour.train} | ${base.test} → ${tour.test} | ${share(base)} → ${share(tour)} | ${verdicts[tour.verdict ?? ''] ?? 'not distinguished'} |`;
  });
  return `# ${title}

${text ?? parts.map((part) => part.text).join('\n\n')}

**When it helps.** ${helps}

![Cross-entropy of training and validation over the epochs, with and without the method](${fileOf(title)}.svg)

| without → with | training cross-entropy | test cross-entropy | first-layer weights below 0.001 | verdict |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${own ? `Options of \`${types[0]}\`${types[0] === 'sgd' ? ' and of every optimizer' : ''}:` : 'Options:'}

${parts.map(({ table }) => table).join('\n\n')}

${parts.map(({ example }) => example).join('\n\n')}
`;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [420, 220, 40, 30, 14];

/** Curves of the method in front of those of the network without it. */
function figure(title: string, tour: readonly Tour[]): string {
  const [base, own] = ['Baseline', title].map((variant) => find(tour, variant));
  const epochs = base.curves.train.length;
  const greatest = 1.6;
  const x = (epoch: number) => LEFT + ((WIDTH - LEFT - 10) * epoch) / (epochs - 1);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(value, greatest) / greatest);
  const line = (values: readonly number[], color: string, dash: string) =>
    `<polyline fill="none" stroke="${color}" stroke-width="1.8"${dash} points="${values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`;
  const curves = (of: Tour, color: string) => [
    line(of.curves.train, color, ' stroke-dasharray="4 3"'),
    line(of.curves.validation, color, ''),
  ];
  const label = (at: number, left: number, text: string, color = '#555', anchor = 'start') =>
    `<text x="${left}" y="${at}" fill="${color}" text-anchor="${anchor}">${text}</text>`;
  const ticks = [0, 0.5, 1, 1.5].map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>${label(y(value) + 4, LEFT - 6, String(value), '#555', 'end')}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<title>${title}: cross-entropy over the epochs</title>
<rect width="100%" height="100%" fill="#fff"/>
${ticks.join('\n')}
${[...curves(base, '#999'), ...curves(own, '#1f6fb4')].join('\n')}
${label(HEIGHT - 8, (WIDTH + LEFT) / 2, `epochs 1 to ${epochs}, few noisy rows; dashed: training, solid: validation`, '#555', 'middle')}
${label(TOP + 2, WIDTH - 14, title, '#1f6fb4', 'end')}
${label(TOP + 16, WIDTH - 14, 'without it', '#777', 'end')}
</svg>
`;
}
