/**
 * What a terminal may be given of text that others wrote (nodes, compositions, builds, containers): characters, colours, and what
 * moves within a line. A terminal obeys much more: sequences that set its title or its clipboard, make it answer on its input, move
 * the cursor over what stands there already, or change its modes. These are left out.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

type State = 'text' | 'escape' | 'sequence' | 'string';

/** What is not simply shown: C0 but for tabs and ends of lines, DEL, C1. */
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** What ends a control string. A terminal would wait longer than to the end of the line, and hide all of it. */
const END_OF_STRING = /[\x07\x18\x1a\x1b\x9c\n]/g;
/** More parameters than any sequence has that is passed on. */
const LONGEST = 100;

const CSI = 0x9b;
/** DCS, SOS, OSC, PM and APC; the same with ESC before them are 0x40 less. */
const STRINGS = [0x90, 0x98, 0x9d, 0x9e, 0x9f];

/** Takes text in pieces, in which sequences may be split anywhere. Time is linear, memory constant. */
export class TerminalText {
  #state: State = 'text';
  /** Parameters of the sequence that has begun. */
  #parameters = '';
  /** Characters of this line that a backspace may go back over. */
  #back = 0;
  #styled = false;

  push(text: string): string {
    let clean = '';
    for (let at = 0; at < text.length; ) {
      if (this.#state === 'text') {
        const end = next(SPECIAL, text, at);
        clean += this.#plain(text.slice(at, end));
        if (end < text.length) clean += this.#control(text[end]!);
        at = end + 1;
      } else if (this.#state === 'string') {
        const end = next(END_OF_STRING, text, at);
        // An escape may begin its own end (ESC \) or another sequence, and the end of a line is one.
        if (end < text.length) this.#state = text[end] === '\x1b' ? 'escape' : 'text';
        at = text[end] === '\n' ? end : end + 1;
      } else clean += this.#within(text[at++]!);
    }
    return clean;
  }

  /** There is no more: what was begun is left out, and colours end. */
  end(): string {
    const rest = this.#styled ? '\x1b[0m' : '';
    this.#state = 'text';
    this.#back = 0;
    this.#styled = false;
    return rest;
  }

  #plain(text: string): string {
    if (text === '') return text;
    const line = text.slice(text.lastIndexOf('\n') + 1);
    // Marks that combine have no place of their own, and tabs may have none.
    const places = line.replace(/[\t\p{M}\p{Cf}]/gu, '').length;
    this.#back = line.length < text.length ? places : this.#back + places;
    return text;
  }

  #control(character: string): string {
    const code = character.charCodeAt(0);
    if (character === '\x1b') this.#state = 'escape';
    else if (code === CSI) this.#begin();
    else if (STRINGS.includes(code)) this.#state = 'string';
    else if (character === '\r') this.#back = 0;
    else if (character === '\b' && this.#back > 0) this.#back--;
    else return character === '\v' || character === '\f' ? ' ' : '';
    return character === '\r' || character === '\b' ? character : '';
  }

  #begin(): void {
    this.#state = 'sequence';
    this.#parameters = '';
  }

  /** A character of a sequence. */
  #within(character: string): string {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code > 0x7e) {
      this.#state = 'text';
      return this.push(character);
    }
    if (this.#state === 'escape' && character === '[') this.#begin();
    else if (this.#state === 'escape' && STRINGS.includes(code + 0x40)) this.#state = 'string';
    else if (this.#state === 'escape') {
      // Bytes up to / are followed by more: ESC ( B.
      if (code >= 0x30) this.#state = 'text';
    } else if (code < 0x40) {
      if (this.#parameters.length <= LONGEST) this.#parameters += character;
    } else {
      this.#state = 'text';
      return this.#sequence(this.#parameters, character);
    }
    return '';
  }

  #sequence(parameters: string, final: string): string {
    if (final === 'm' && parameters.length <= LONGEST && /^[\d;:]*$/.test(parameters)) {
      this.#styled = !/^[0;]*$/.test(parameters);
      return `\x1b[${parameters}m`;
    }
    // What progress bars write: to the first column, and the line erased.
    const first = final === 'G' && /^1?$/.test(parameters);
    const erase = final === 'K' && /^[02]?$/.test(parameters);
    if (!first && !erase) return '';
    if (first || parameters === '2') this.#back = 0;
    return `${first || parameters === '2' ? '\r' : ''}${erase ? '\x1b[K' : ''}`;
  }
}

function next(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** The same for a text that is there as a whole. */
export function terminalText(text: string): string {
  return text.search(SPECIAL) < 0 ? text : new TerminalText().push(text);
}
