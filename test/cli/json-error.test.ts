// Where a text stops being JSON.
import { describe, expect, it } from 'vitest';
import { describeJsonError } from '../../src/cli/json-error.ts';

describe('describeJsonError', () => {
  it.each([
    ['', 'unexpected end of the file at line 1, column 1'],
    ['{\n  "a": 1,\n}', "unexpected '}' at line 3, column 1"],
    ['[1, 2,]', "unexpected ']' at line 1, column 7"],
    ['[,1]', "unexpected ',' at line 1, column 2"],
    ['{"a" 1}', "unexpected '1' at line 1, column 6"],
    ['{a: 1}', "unexpected 'a' at line 1, column 2"],
    ["{'a': 1}", "unexpected ''' at line 1, column 2"],
    ['{"a": tru}', "unexpected 't' at line 1, column 7"],
    ['{"a": 01}', "unexpected '0' at line 1, column 7"],
    ['{"a": 1 // note\n}', "unexpected '/' at line 1, column 9"],
    ['{"a": "b}', 'a string that is not closed or has a wrong escape at line 1, column 7'],
    ['{"a": "\\x"}', 'a string that is not closed or has a wrong escape at line 1, column 7'],
    ['{"a": [1, 2}', "unexpected '}' at line 1, column 12"],
    ['{"a": {"b": [1, {}, []', 'unexpected end of the file at line 1, column 23'],
    ['{} {}', "unexpected '{' at line 1, column 4"],
    [
      '{"a": "ok"} "a string that is much longer than that"',
      "unexpected '\"a string that is mu…' at line 1, column 13",
    ],
  ])('%j: %s', (text, message) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(describeJsonError(text)).toBe(message);
  });
});
