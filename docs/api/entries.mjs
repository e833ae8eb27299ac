// Tells Typedoc what to document: every entry of the package that has types, under the name that it is imported by.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, Comment, Converter, ReflectionKind } from 'typedoc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { name, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** What to import, by source file. Of two names for one file the first counts. */
const entries = new Map();
for (const [path, { types }] of Object.entries(exports)) {
  const file = types?.replace('./dist/types/', `${root}src/`).replace('.d.ts', '.ts');
  if (file && !entries.has(file)) entries.set(file, path.replace('.', name));
}

/** What the first comment of a file says it is for. */
const purpose = (file) => /^\/\/ (.+(?:\n\/\/ .+)*)/.exec(readFileSync(file, 'utf8'))[1].replaceAll('\n// ', ' ');

/** @param {Application} app */
export function load(app) {
  app.on(Application.EVENT_BOOTSTRAP_END, () => app.options.setValue('entryPoints', [...entries.keys()]));
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, ({ project }, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const { fileName } = project.getSymbolIdFromReflection(reflection);
    reflection.name = entries.get(fileName);
    reflection.comment = new Comment([{ kind: 'text', text: purpose(fileName) }]);
  });
  // Documents have the names of their files otherwise.
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    document.name = document.content[0].text.match(/^# (.*)/)[1];
  });
}
