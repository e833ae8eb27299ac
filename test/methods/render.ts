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
  curves?: { train: number[]; validation: number[] };
  /** Of a method of predicting: what the figure shows for each x, with and without it. */
  shown?: { x: number[]; with: number[]; without: number[] };
}

export type Tours = Readonly<Record<string, readonly Tour[]>>;

const tourNames = { 'regularization-tour': 'few noisy rows', 'regularization-tour-plenty': 'many clean rows' };
const fileOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');
const definitionOf = (type: string): Definition | undefined =>
  Object.values(catalog)
    .flat()
    .find(({ definition }) => definition.type === type)?.definition;

const sources = ['nn', 'optim', 'train', 'tables', 'uncertainty'].flatMap((module) =>
  readdirSync(join('src', module), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join('src', module, name), 'utf8')),
);

/** The text of the file in which `pattern` is found, before it and from it on. */
function upTo(pattern: RegExp): [before: string, after: string] {
  const source = sources.find((each) => pattern.test(each)) as string;
  const at = source.search(pattern);
  return [source.slice(0, at), source.slice(at)];
}

/** The options of a kind, or of a function, as rows of a table. */
function optionsOf(type: string): { head: string[]; rows: Record<string, string[]> } {
  const definition = definitionOf(type);
  if (definition) {
    const rows = Object.entries(definition.options).map(([name, rule]) => [
      name,
      [ruleText(rule), defaultText(rule), rule.describe ?? ''],
    ]);
    return { head: ['option', 'values', 'default', 'meaning'], rows: Object.fromEntries(rows) };
  }
  const [, signature] = upTo(new RegExp(`export function ${type}\\b`));
  const name = /options: (\w+)/.exec(signature.slice(0, signature.indexOf('{\n')))?.[1];
  return { head: ['option', 'values', 'meaning'], rows: name ? membersOf(name) : {} };
}

/** The members of an interface and of what it extends: type and comment. */
function membersOf(name: string): Record<string, string[]> {
  const [, from] = upTo(new RegExp(`export interface ${name} `));
  const text = from.slice(0, from.indexOf('\n}'));
  const base = /extends (\w+)/.exec(text)?.[1];
  const members = [...text.matchAll(/\/\*\*([\s\S]*?)\*\/\s+(?:readonly )?(\w+)\??: (.+);/g)].map(
    ([, comment, member, type]) => [
      member,
      [`\`${type.replace(' | undefined', '')}\``, comment.replaceAll(/\s*\n\s*\* ?|^\s+|\s+$/g, ' ').trim()],
    ],
  );
  return { ...(base && membersOf(base)), ...Object.fromEntries(members) };
}

/** The comment of a kind, or of a function, without its tags, and its example. */
function described(type: string): { text: string; example: string } {
  const before = upTo(new RegExp(`export (?:const|function) ${type}\\b`))[0];
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
    files[`${name}.svg`] = figure(page, tours['regularization-tour']);
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
suggest; none was chosen on these data. The last five, from the ensemble on, are ways to predict with networks of the presets: MC dropout with those
of dropout, the others with those without any method; the bag trains such networks on fewer rows.

The table has the difference in test cross-entropy to the network without the method, where less is better: ${find(few, 'Baseline').test} on few noisy rows,
${find(plenty, 'Baseline').test} on many clean ones. "Not distinguished": the paired comparison over the seeds found no difference (Holm's correction, 5 %).

| method | few noisy rows | many clean rows |
| --- | --- | --- |
${rows.join('\n')}

The pages are made from the definitions (\`npx vitest run test/methods -u\`), the numbers by \`scripts/methods.mjs\`.
`;
}

const share = ({ nearZero }: Tour) => `${Number((100 * nearZero).toPrecision(2))} %`;

function pageText({ title, types, options: own, text, example, helps, figure }: Page, tours: Tours): string {
  const parts = types.map((type) => {
    const { head, rows } = optionsOf(type);
    const chosen = Object.entries(rows).filter(([name]) => own === undefined || own.includes(name));
    const lines = [
      head,
      head.map(() => '---'),
      ...chosen.map(([name, cells]) => [`\`${name}\``, ...cells.map((cell) => cell.replaceAll('|', '\\|'))]),
    ];
    const of = own || types.length > 1 ? ` of \`${type}\`${type === 'sgd' ? ' and of every optimizer' : ''}` : '';
    const table = `Options${of}:\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
    const { text, example } = described(type);
    return {
      example,
      text: types.length > 1 ? `\`${type}\`: ${text}` : text,
      table: chosen.length > 0 ? table : `\`${type}\` has no options.`,
    };
  });
  const rows = Object.entries(tourNames).map(([name, what]) => {
    const [base, tour] = ['Baseline', title].map((variant) => find(tours[name], variant));
    // Methods of predicting leave the weights as they are.
    const weights = figure ? '' : ` ${share(base)} → ${share(tour)} |`;
    return `| ${what} | ${base.train} → ${tour.train} | ${base.test} → ${tour.test} |${weights} ${verdicts[tour.verdict ?? ''] ?? 'not distinguished'} |`;
  });
  return `# ${title}

${text ?? parts.map((part) => part.text).join('\n\n')}

**When it helps.** ${helps}

![${figure ? capital(`${figure.y} by ${figure.x}`) : 'Cross-entropy of training and validation over the epochs'}, with and without the method](${fileOf(title)}.svg)

| without → with | training cross-entropy | test cross-entropy |${figure ? '' : ' first-layer weights below 0.001 |'} verdict |
| --- | --- | --- |${figure ? '' : ' --- |'} --- |
${rows.join('\n')}

${parts.map(({ table }) => table).join('\n\n')}

${example ? `\`\`\`js\n${example}\n\`\`\`` : parts.map((part) => part.example).join('\n\n')}
`;
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [420, 230, 40, 42, 14];

interface Line {
  x: readonly number[];
  y: readonly number[];
  color: string;
  isDashed?: boolean;
}

/** The method in blue in front of the network without it in grey. */
function figure({ title, figure: own }: Page, tour: readonly Tour[]): string {
  const [base, { curves, shown }] = ['Baseline', title].map((variant) => find(tour, variant));
  const [blue, grey] = ['#1f6fb4', '#999'];
  if (own && shown) {
    const { x } = shown;
    const lines = [
      { x, y: shown.without, color: grey },
      { x, y: shown.with, color: blue },
    ];
    return chart(title, lines, own.greatest, own.y, `${own.x}, few noisy rows`);
  }
  const ofCurves = ({ train, validation }: NonNullable<Tour['curves']>, color: string) =>
    [train, validation].map((y, i): Line => ({ x: y.map((_, at) => at + 1), y, color, isDashed: i === 0 }));
  const lines = [base.curves, curves].flatMap((each, i) => (each ? ofCurves(each, [grey, blue][i]) : []));
  return chart(title, lines, 1.6, 'cross-entropy', 'epochs, few noisy rows; dashed: training, solid: validation');
}

/** Lines from 0 to `greatest`, with what is upwards and what is to the right. */
function chart(title: string, lines: readonly Line[], greatest: number, up: string, right: string): string {
  const [first, last] = [0, -1].map((end) => lines[0].x.at(end) as number);
  const x = (value: number) => LEFT + ((WIDTH - LEFT - 10) * (value - first)) / (last - first);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(value, greatest) / greatest);
  const label = (at: number, left: number, text: string, color = '#555', anchor = 'start') =>
    `<text x="${left}" y="${at}" fill="${color}" text-anchor="${anchor}">${text}</text>`;
  const ticks = [0, 0.5, 1, 1.5].filter((value) => value <= greatest);
  const elements = [
    ...ticks.map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>${label(y(value) + 4, LEFT - 6, String(value), '#555', 'end')}`,
    ),
    ...[first, last].map((value) => label(HEIGHT - BOTTOM + 14, x(value), String(value), '#555', 'middle')),
    ...lines.map(
      (line) =>
        `<polyline fill="none" stroke="${line.color}" stroke-width="1.8"${line.isDashed ? ' stroke-dasharray="4 3"' : ''} points="${line.x.map((value, i) => `${x(value).toFixed(1)},${y(line.y[i]).toFixed(1)}`).join(' ')}"/>`,
    ),
    label(HEIGHT - 8, (WIDTH + LEFT) / 2, right, '#555', 'middle'),
    label(TOP + 2, LEFT + 4, up),
    label(TOP + 2, WIDTH - 14, title, '#1f6fb4', 'end'),
    label(TOP + 16, WIDTH - 14, 'without it', '#777', 'end'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<title>${title}, with and without it</title>
<rect width="100%" height="100%" fill="#fff"/>
${elements.join('\n')}
</svg>
`;
}
