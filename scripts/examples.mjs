// Makes the tables and pictures of docs/examples.md: runs each example with 20 seeds and puts what it finds there.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'examples.md');

/** What to run, and which figures to show. */
const examples = {
  moons: { experiment: 'moons', figures: ['paired-differences', 'calibration'] },
  'high-dimensional': { experiment: 'high-dimensional', figures: ['paired-differences', 'test-accuracy'] },
  digits: { experiment: 'digits', figures: ['paired-differences', 'confusion'] },
  'breast-cancer': { experiment: 'examples/breast-cancer.json', figures: ['paired-differences'] },
};

let text = readFileSync(page, 'utf8');
for (const [name, { experiment, figures }] of Object.entries(examples)) {
  const out = join(root, 'out', 'examples', name);
  const options = ['run', experiment, '--seeds', '20', '--out', out, '--quiet'];
  execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), ...options], { cwd: root, stdio: 'inherit' });
  for (const figure of figures) {
    copyFileSync(join(out, 'figures', `${figure}.png`), join(root, 'docs', 'images', `${name}-${figure}.png`));
  }
  text = replaceBlock(text, name, table(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))));
}
writeFileSync(page, text);

/** One row a variant: accuracy with its interval, the gap, and the verdict. */
function table({ summary, comparisons }) {
  const rows = summary.map(({ variant, testAccuracy: { mean, ci95 }, gap }) => {
    const comparison = comparisons.find((entry) => entry.variant === variant);
    const p = comparison ? (comparison.pAdjusted < 0.0001 ? '< 0.0001' : comparison.pAdjusted.toFixed(4)) : '';
    const cells = [
      variant,
      `${percent(mean)} (${percent(ci95[0])} to ${percent(ci95[1])})`,
      percent(gap.mean),
      comparison?.text ?? '',
      p,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| variant | test accuracy, % (95 % interval) | train − test, points | verdict | adjusted p |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function percent(share) {
  return (100 * share).toFixed(2);
}

function replaceBlock(source, name, block) {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(source)) throw new Error(`docs/examples.md has no block for ${name}.`);
  return source.replace(pattern, (_, start, end) => `${start}\n${block}\n\n${end}`);
}
