import { type Language, textAt, withoutTexts } from './texts.js';

/** Text that is being written as argument of a method: `server.waitForUnit("ngi`. */
export interface TextArgument {
  /** The expression before the dot, as it was written. */
  receiver: string;
  method: string;
  /** Its place among the arguments, from 0, or its name. */
  argument: number | string;
  /** What stands between the opening quote and the cursor. */
  text: string;
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const METHOD = /([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*$/u;
/** `unit: ` in an object of options, or `unit=` of Python. */
const NAMED = /(?:^|,)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*[:=]\s*$/u;

/** The argument of a call that begins with the text in which the cursor stands. */
export function argumentAt(
  code: string,
  cursor: number,
  language: Language = 'typescript',
): TextArgument | undefined {
  const text = textAt(code, cursor, language);
  if (!text || !/["'`]/.test(code[text.inside - 1]!)) return undefined;
  const before = withoutTexts(code.slice(0, text.start), language);
  const open = openBracket(before, text.start);
  if (open === undefined) return undefined;
  const call = before[open] === '{' ? openBracket(before, open) : open;
  if (call === undefined || before[call] !== '(') return undefined;
  const others = before.slice(open + 1);
  const argument = NAMED.exec(others)?.[1] ?? (call === open ? placeAmong(others) : undefined);
  const callee = calleeBefore(code, before, call);
  if (argument === undefined || !callee) return undefined;
  return { ...callee, argument, text: code.slice(text.inside, cursor) };
}

/** The bracket that is open at a place. */
function openBracket(code: string, place: number): number | undefined {
  let closed = 0;
  for (let at = place - 1; at >= 0; at--) {
    if (')]}'.includes(code[at]!)) closed++;
    else if ('([{'.includes(code[at]!) && --closed < 0) return at;
  }
  return undefined;
}

/** Which argument begins behind these; undefined where one has begun already. */
function placeAmong(code: string): number | undefined {
  let [depth, place, begun] = [0, 0, false];
  for (const character of code) {
    if (depth === 0 && character === ',') [place, begun] = [place + 1, false];
    else if (character.trim() !== '') begun = true;
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
  }
  return begun ? undefined : place;
}

/** What is called by the bracket: names, brackets and the dots between them. `bare` is the code without its texts. */
function calleeBefore(code: string, bare: string, bracket: number) {
  const method = METHOD.exec(bare.slice(0, bracket))?.[1];
  if (method === undefined) return undefined;
  const end = beforeDot(bare.slice(0, bare.slice(0, bracket).lastIndexOf(method)));
  let start = end;
  for (let at = end; at !== undefined; at = beforeDot(bare.slice(0, start))) {
    start = at;
    while (')]'.includes(bare[start - 1] ?? ' ')) start = openBracket(bare, start - 1) ?? start - 1;
    start -= NAME.exec(bare.slice(0, start))?.[0].length ?? 0;
  }
  return start === undefined || end === undefined ? undefined : { receiver: code.slice(start, end), method };
}

/** Where the expression ends whose member is asked for at the end of the code. */
const beforeDot = (code: string): number | undefined => {
  const dot = /\s*(?:\?\.|!?\.)\s*$/.exec(code);
  return dot ? dot.index : undefined;
};
