// Broken examples are found, with their place.
import { expect, test } from 'vitest';
import { codeBlocks, examples, runSnippets } from './snippets.ts';

const source = `
/** No example. */
export const a = 1;

/**
 * Has one.
 *
 * @example
 * \`\`\`ts
 * import { version } from 'regulus';
 *
 * if (version.length > 0) throw new Error('here');
 * \`\`\`
 */
export const b = 2;

  /**
   * @example Two in one:
   * \`\`\`js
   * console.log('fine');
   * \`\`\`
   * and
   * \`\`\`ts
   * const wrong: = 1;
   * \`\`\`
   */
`;

test('examples are found with their lines, and their failures too', async () => {
  const file = 'src/made-up.ts';
  const found = examples(source).flatMap(({ text, line }) => codeBlocks(file, text, ['js', 'ts'], line));
  expect(found.map(({ line }) => line)).toEqual([10, 20, 24]);
  expect(found[1].code).toBe("console.log('fine');\n");
  const others = [
    "import { nothing } from 'regulus';",
    "import 'regulus/nothing';",
    "setTimeout(() => { throw new Error('late'); });\nawait new Promise((done) => setTimeout(done, 20));",
    'await new Promise(() => {});',
    "console.log('not run');",
  ].map((code) => ({ file, line: 1, code }));
  const outcomes = await runSnippets([...found, ...others], 'broken');
  expect(outcomes[0].error).toMatch(/Error: here\n +at .*src\/made-up\.ts:12/);
  expect(outcomes[1]).toEqual({ output: 'fine\n' });
  expect(outcomes[2].error).toMatch(/src\/made-up\.ts:24:\d+: ERROR/);
  expect(outcomes[3].error).toMatch(/does not provide an export named 'nothing'/);
  expect(outcomes[4].error).toMatch(/'\.\/nothing' is not defined/);
  expect(outcomes[5].error).toMatch(/Error: late/);
  expect(outcomes.slice(6).map(({ error }) => error)).toEqual([
    'It did not end, or it ended its process.',
    'It was not run.',
  ]);
});
