// Parses JSON, and says where a text is not JSON: the messages of JSON.parse differ between engines and often do not tell.
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { ParameterError } from '../errors/index.ts';

/**
 * The value of a JSON text.
 *
 * @param options - `comments` allows comments and trailing commas; `remedy` is a sentence to end the error's message with.
 * @throws ParameterError that names line and column.
 */
export function parseJson(text: string, { comments = false, remedy = '' } = {}): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const errors: ParseError[] = [];
    const value = parseWithComments(text, errors, comments);
    if (errors.length === 0) return value;
    throw new ParameterError(`This is not JSON: ${describe(text, errors[0])}.${remedy && ` ${remedy}`}`, {
      code: 'ERR_FORMAT',
    });
  }
}

function parseWithComments(text: string, errors: ParseError[], comments: boolean): unknown {
  try {
    return parse(text, errors, { disallowComments: !comments, allowTrailingComma: comments });
  } catch (cause) {
    // The parser calls itself for each level.
    throw new ParameterError('This is not JSON that can be read: it has too many levels.', {
      code: 'ERR_FORMAT',
      cause,
    });
  }
}

const broken: Readonly<Record<string, string>> = {
  InvalidCharacter: 'a control character in the string',
  InvalidEscapeCharacter: 'a wrong escape in the string',
  InvalidUnicode: 'a wrong escape in the string',
  UnexpectedEndOfComment: 'no end of the comment',
  UnexpectedEndOfString: 'no end of the string',
};

/** Such as `unexpected '}' at line 3, column 5`. */
function describe(text: string, { error, offset, length }: ParseError): string {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  const place = `at line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  if (offset >= text.length) return `unexpected end of the file ${place}`;
  const token = text.slice(offset, offset + length);
  const shown = token.length > 20 ? `${token.slice(0, 20)}…` : token;
  return `${broken[printParseErrorCode(error)] ?? `unexpected '${shown}'`} ${place}`;
}
