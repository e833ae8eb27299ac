// Every `@example` of the source runs, and public names have one.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { codeBlocks, examples, runSnippets, type Snippet } from './snippets.ts';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);

/** The examples' blocks of JavaScript and TypeScript; pages may be shown as HTML, which is not run. */
const snippets: Snippet[] = [];
const withoutCode: string[] = [];
for (const file of files) {
  for (const { text, line } of examples(readFileSync(file, 'utf8'))) {
    snippets.push(...codeBlocks(file, text, ['js', 'ts'], line));
    if (codeBlocks(file, text, ['js', 'ts', 'html']).length === 0) withoutCode.push(`${file}:${line}`);
  }
}

test('all examples run', async () => {
  const outcomes = await runSnippets(snippets, 'examples');
  const failed = outcomes.flatMap(({ error }, i) =>
    error ? [`${snippets[i].file}:${snippets[i].line}: ${error}`] : [],
  );
  expect(failed).toEqual([]);
}, 300_000);

test('all examples are code, fenced and marked as js, ts or html', () => {
  expect(withoutCode).toEqual([]);
});

test('public names have an example', () => {
  expect(namesWithoutExample()).toEqual([]);
});

/** As `entry name`, such as `regulus/datasets parseCsv`: the values that the entries of the package export, but not types. */
function namesWithoutExample(): string[] {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const entries = Object.entries<{ types?: string }>(exports).flatMap(([path, { types }]) => {
    const file = types?.replace('./dist/types/', 'src/').replace('.d.ts', '.ts');
    return file ? [{ entry: path.replace('.', name), file }] : [];
  });
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    { noLib: true, types: [], module: ts.ModuleKind.NodeNext, allowImportingTsExtensions: true, noEmit: true },
  );
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  return entries.flatMap(({ entry, file }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & ts.SymbolFlags.Value) || exported.declarations?.some(isTypeOnly) || seen.has(symbol))
        return [];
      seen.add(symbol);
      const tags = symbol.getJsDocTags(checker).map(({ name }) => name);
      return tags.includes('example') || tags.includes('hidden') ? [] : [`${entry} ${exported.name}`];
    });
  });
}

const isTypeOnly = (declaration: ts.Declaration) => ts.isTypeOnlyImportOrExportDeclaration(declaration);
