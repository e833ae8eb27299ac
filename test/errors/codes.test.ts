// docs/errors.md: a table of every code, made from the data. `npx vitest run test/errors/codes.test.ts -u` makes it anew.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/io.ts';
import { errorCodes } from '../../src/errors/codes.ts';
import * as errors from '../../src/errors/index.ts';

const { RegulusError, ParameterError, packError, unpackError } = errors;
type ErrorClass = typeof RegulusError;
const classes = new Map<string, ErrorClass>(
  [...Object.values(errors), UsageError]
    .filter((value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof RegulusError)
    .map((each) => [each.name, each]),
);
const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'errors/codes.ts')
  .map((name) => readFileSync(`src/${name}`, 'utf8'))
  .join('');

test('docs/errors.md is what the data say', async () => {
  const rows = Object.entries(errorCodes).map(
    ([code, { of, describe, remedy }]) => `| \`${code}\` | \`${of}\` | ${describe} | ${remedy} |`,
  );
  const page = `# Errors

Every error that Regulus throws on purpose is a \`RegulusError\`, of one of the classes below. Its message names what was wrong, the
rule, the value received and what to do. The \`code\` tells programs what kind of cause it has; it stays the same when messages change.
\`cause\`, where there is one, is the error behind it. Errors of your own callbacks, metrics and signals come out as they are.

| \`code\` | class | cause | what helps |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot('../../docs/errors.md');
});

test.each(Object.entries(errorCodes))('%s is used, by its class', (code, { of }) => {
  const [family] = of.split('Error');
  expect(code === `ERR_${family.toUpperCase()}` || source.includes(`'${code}'`)).toBe(true);
  expect(classes.has(of)).toBe(true);
});

test('every class has a code, which an error can be given another for', () => {
  for (const [name, each] of classes) {
    expect(new each('').name).toBe(name);
    expect(errorCodes).toHaveProperty(new each('').code);
  }
  const cause = new Error('why');
  expect(new ParameterError('what', { cause, code: 'ERR_SPEC' })).toMatchObject({
    message: 'what',
    code: 'ERR_SPEC',
    cause,
  });
  expect('cause' in new ParameterError('what')).toBe(false);
});

test('the code goes from thread to thread with its error', () => {
  const there = unpackError(structuredClone(packError(new ParameterError('what', { code: 'ERR_MODULE' }))));
  expect(there).toBeInstanceOf(ParameterError);
  expect(there).toMatchObject({ code: 'ERR_MODULE', message: 'what' });
  expect(unpackError(packError(new TypeError('x')))).not.toHaveProperty('code');
});
