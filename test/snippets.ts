// Runs the code of documents and comments as users would run it: as modules that import the built package by its name.
import { fork } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';

export interface Snippet {
  file: string;
  /** Line of its first line of code in `file`, counted from 1. */
  line: number;
  code: string;
}

export interface Outcome {
  /** What it printed. */
  output: string;
  /** Why it failed. */
  error?: string;
}

/** The blocks of code in Markdown, in one of `languages`. `line` is that of the text's beginning in `file`. */
export function codeBlocks(file: string, text: string, languages: readonly string[], line = 1): Snippet[] {
  const blocks = text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks]
    .filter(([, language]) => languages.includes(language))
    .map(({ index, 2: code }) => ({ file, line: line + text.slice(0, index).split('\n').length, code }));
}

/** The TSDoc comments in TypeScript from their `@example` on, as Markdown, and on which line that is. */
export function examples(text: string): { text: string; line: number }[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ index, 0: comment }) => {
    const at = comment.indexOf('@example');
    const example = comment.slice(at).replace(/^ *\*(?: |\/?$)/gm, '');
    return at < 0 ? [] : [{ text: example, line: text.slice(0, index + at).split('\n').length }];
  });
}

/**
 * Runs the snippets one after the other in one process, in a folder of the package's own, where it is found by its name.
 * Places in errors are those of the snippets' files.
 */
export async function runSnippets(snippets: readonly Snippet[], name: string): Promise<Outcome[]> {
  const folder = resolve('build/snippets', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const outcomes: Outcome[] = snippets.map(() => ({ output: '', error: 'It was not run.' }));
  const modules = await Promise.all(
    snippets.map(async ({ file, line, code }, i) => {
      const path = join(folder, `${i}.mjs`);
      try {
        writeFileSync(path, await asJavaScript(resolve(file), '\n'.repeat(line - 1) + code));
        return [{ i, path }];
      } catch (error) {
        outcomes[i] = { output: '', error: (error as Error).message };
        return [];
      }
    }),
  );
  const running = modules.flat();
  const child = fork(
    resolve('test/run-modules.mjs'),
    running.map(({ path }) => path),
    { cwd: folder, execArgv: ['--enable-source-maps'], timeout: 300_000 },
  );
  let ended = 0;
  child.on('message', (outcome: Outcome) => {
    outcomes[running[ended++].i] = outcome;
  });
  await new Promise((closed) => child.on('close', closed));
  if (ended < running.length) outcomes[running[ended].i].error = 'It did not end, or it ended its process.';
  return outcomes;
}

/** Without types, and with a map to `file`. Imports stay even where they are not used, so that wrong ones are found. */
async function asJavaScript(file: string, code: string): Promise<string> {
  const options = { loader: 'ts', format: 'esm', sourcemap: 'inline', sourcefile: file } as const;
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  return (await transform(code, { ...options, tsconfigRaw, logLevel: 'silent' })).code;
}
