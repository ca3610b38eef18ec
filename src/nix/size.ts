import { NixError } from './error.js';

/** More than compositions have, and little enough for the memory: nothing looks at the clock while one list or string is made. */
const LONGEST_LIST = 10_000_000;
const LONGEST_TEXT = 64 << 20;

/** Throws when a list of that many values, which is about to be made, would be too long. */
export function checkListLength(length: number): void {
  if (length > LONGEST_LIST) throw tooLarge(`a list would have more than ${LONGEST_LIST} values`);
}

/** Throws when a text of that many characters would be too long. */
export function checkTextLength(length: number): void {
  if (length > LONGEST_TEXT) throw tooLarge(`a string would have more than ${LONGEST_TEXT >> 20} MB`);
}

const tooLarge = (asked: string): NixError =>
  new NixError('budget', { asked, todo: 'look for a list, set or string that grows without end' });
