/** How V8 begins what it writes before it aborts: pages about itself that tell a user nothing. */
const BEGINNING = /\n?<--- Last few GCs --->|^FATAL ERROR: .*heap out of memory/m;

/** What a process writes to stderr, without V8's report on memory that ran out. */
export class LastWords {
  #report = '';

  /** The part that is for the user. */
  without(text: string): string {
    if (this.#report !== '') {
      this.#report += text;
      return '';
    }
    const at = BEGINNING.exec(text)?.index ?? text.length;
    this.#report = text.slice(at);
    return text.slice(0, at);
  }

  /** `how` ends the sentence "the evaluator …": what it says is more than the signal that ended it. */
  reason(how: string): string {
    if (!this.#report.includes('heap out of memory')) return how;
    return 'ran out of memory (keep less in variables, or start the kernel with NODE_OPTIONS=--max-old-space-size=MEGABYTES)';
  }
}
