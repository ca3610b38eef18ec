import { stripVTControlCharacters } from 'node:util';

/** Characters that turn what follows around, as escapes: text must not look other than it is (https://trojansource.codes). */
export const showDirections = (text: string): string =>
  text.replace(/[\u202a-\u202e\u2066-\u2069]/g, character => `\\u${character.codePointAt(0)!.toString(16)}`);

/** Text for places without terminal: no colours, and symbols (␇) for control characters other than ends of lines and tabs. */
export const visible = (text: string): string =>
  showDirections(stripVTControlCharacters(text).replaceAll('\r\n', '\n'))
    .replace(/[\x00-\x08\x0b-\x1f]/g, character => String.fromCodePoint(0x2400 + character.codePointAt(0)!))
    .replace(/[\x80-\x9f]/g, character => `\\u00${character.charCodeAt(0).toString(16)}`)
    .replaceAll('\x7f', '␡');

/** The same for a terminal: colours stay, all else that a terminal would obey does not. */
export const visibleInColour = (text: string): string =>
  text
    .split(/(\x1b\[[\d;]*m)/)
    .map((part, index) => (index % 2 ? part : visible(part)))
    .join('');
