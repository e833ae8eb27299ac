// What errors have in common.
import { expect, it } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';

it('names of any length leave a message that can be read', () => {
  const { message } = new ParameterError(`The column '${'x'.repeat(1e6)}' is missing. Rename it.`);
  expect(message.length).toBeLessThan(11_000);
  expect(message).toMatch(/^The column 'x+ … x+' is missing\. Rename it\.$/);
  expect(new ParameterError('short').message).toBe('short');
  expect(new ParameterError().message).toBe('');
});
