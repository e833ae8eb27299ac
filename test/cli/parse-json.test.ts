// What is JSON, what is JSON with comments, and where a text is neither.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/cli/parse-json.ts';
import { ParameterError } from '../../src/errors/index.ts';

describe('parseJson', () => {
  it.each([
    ['', 'unexpected end of the file at line 1, column 1'],
    ['{\n  "a": 1,\n}', "unexpected '}' at line 3, column 1"],
    ['{\r\n  "a": 1,\r\n}', "unexpected '}' at line 3, column 1"],
    ['[1, 2,]', "unexpected ']' at line 1, column 7"],
    ['[,1]', "unexpected ',' at line 1, column 2"],
    ['{"a" 1}', "unexpected '1' at line 1, column 6"],
    ['{"a": 1 "b": 2}', `unexpected '"b"' at line 1, column 9`],
    ['{a: 1}', "unexpected 'a' at line 1, column 2"],
    ["{'a': 1}", "unexpected ''a'' at line 1, column 2"],
    ['{"a": tru}', "unexpected 'tru' at line 1, column 7"],
    ['{\n  "a": True\n}', "unexpected 'True' at line 2, column 8"],
    ['{"a": None, "b": 1}', "unexpected 'None' at line 1, column 7"],
    ['[NaN]', "unexpected 'NaN' at line 1, column 2"],
    ['{"a": 01}', "unexpected '1' at line 1, column 8"],
    ['[1.]', "unexpected '1.' at line 1, column 2"],
    ['{"a": 1 // note\n}', "unexpected '// note' at line 1, column 9"],
    ['{"a": "b}', 'no end of the string at line 1, column 7'],
    ['{"a": "\\x"}', 'a wrong escape in the string at line 1, column 7'],
    ['{"a": "\\u12"}', 'a wrong escape in the string at line 1, column 7'],
    ['{"a": "\t"}', 'a control character in the string at line 1, column 7'],
    ['{"a": [1, 2}', "unexpected '}' at line 1, column 12"],
    ['{"a": {"b": [1, {}, []', 'unexpected end of the file at line 1, column 23'],
    ['{} {}', "unexpected '{' at line 1, column 4"],
    [
      '{"a": "ok"} "a string that is much longer than that"',
      "unexpected '\"a string that is mu…' at line 1, column 13",
    ],
  ])('%j: %s', (text, message) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(new ParameterError(`This is not JSON: ${message}.`, { code: 'ERR_FORMAT' }));
    expect(() => parseJson(text, { remedy: 'Try again.' })).toThrow(/column \d+\. Try again\.$/);
  });

  it('allows comments and trailing commas where asked', () => {
    const text = '// first\n{ "a": [1, 2, /* two */ ], "b": "// none", }\n';
    expect(parseJson(text, { comments: true })).toEqual({ a: [1, 2], b: '// none' });
    expect(() => parseJson(text)).toThrow("unexpected '// first' at line 1, column 1");
    expect(() => parseJson('[1 /* two', { comments: true })).toThrow('no end of the comment at line 1, column 4');
    expect(() => parseJson('[1,, 2]', { comments: true })).toThrow("unexpected ',' at line 1, column 4");
    expect(() => parseJson('// nothing\n', { comments: true })).toThrow(
      'unexpected end of the file at line 2, column 1',
    );
  });

  it('takes what JSON.parse takes and nothing else', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat({ max: 2 }),
        fc.constantFrom(...' \n{}[],:"\\/*-+.0e1tT\u0000\u00a0\ufeff\u2028'),
      )
      .map(([text, at, length, character]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + character + text.slice(start + length);
      });
    const outcome = (parse: (text: string) => unknown, text: string) => {
      try {
        return { value: parse(text) };
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(damaged, (text) => {
        expect(outcome(parseJson, text)).toEqual(outcome(JSON.parse, text));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('says so when there are too many levels', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow(
      new ParameterError('This is not JSON that can be read: it has too many levels.', { code: 'ERR_FORMAT' }),
    );
  });
});
