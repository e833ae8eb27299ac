// Finds where a text stops being JSON; the messages of JSON.parse differ between engines and often do not tell.

const token =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/iuy;
const space = /[ \t\n\r]*/y;

/** What is wrong in `text`, which JSON.parse has refused, as `unexpected '}' at line 3, column 5`. */
export function describeJsonError(text: string): string {
  const open: string[] = [];
  let expected = 'value';
  let at = 0;
  for (;;) {
    at = match(space, text, at)?.end ?? at;
    const found = match(token, text, at);
    const next = found && step(found.text, expected, open);
    if (!found || next === undefined) return `${describe(text, at, found?.text)} at ${place(text, at)}`;
    expected = next;
    at = found.end;
  }
}

/** The state after `word`, or undefined when it may not stand here. `open` holds the brackets that are open. */
function step(word: string, expected: string, open: string[]): string | undefined {
  const first = word[0];
  const inner = open.at(-1);
  if ((first === '}' && inner === '{') || (first === ']' && inner === '[')) {
    const allowed = ['comma', first === '}' ? 'first key' : 'first value'].includes(expected);
    return allowed && open.pop() ? after(open) : undefined;
  }
  if (first === ',') return expected === 'comma' ? (inner === '{' ? 'key' : 'value') : undefined;
  if (first === ':') return expected === 'colon' ? 'value' : undefined;
  if (expected.endsWith('key')) return first === '"' ? 'colon' : undefined;
  if (!expected.endsWith('value') || first === '}' || first === ']') return undefined;
  if (first !== '{' && first !== '[') return after(open);
  open.push(first);
  return first === '{' ? 'first key' : 'first value';
}

const after = (open: string[]) => (open.length > 0 ? 'comma' : 'end');

function match(pattern: RegExp, text: string, at: number): { text: string; end: number } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? { text: found[0], end: pattern.lastIndex } : undefined;
}

function describe(text: string, at: number, word?: string): string {
  if (at >= text.length) return 'unexpected end of the file';
  if (!word && text[at] === '"') return 'a string that is not closed or has a wrong escape';
  const shown = word ?? String.fromCodePoint(text.codePointAt(at)!);
  return `unexpected '${shown.length > 20 ? `${shown.slice(0, 20)}…` : shown}'`;
}

function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
