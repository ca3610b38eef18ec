import { isTagged, optionsOf } from '../ipynb/cell-options.js';
import type { CodeCell, JsonObject, NotebookCell, Output } from '../ipynb/notebook.js';

/** `folded`: there, behind a line that opens it. */
export type Visibility = 'shown' | 'folded' | 'removed';

export interface CellVisibility {
  source: Visibility;
  outputs: Visibility;
  /** In a box of its own that scrolls. */
  scrolled: boolean;
}

/**
 * What tags, metadata and option lines leave of a cell, in the spellings of Jupyter Book and MyST (`hide-input`), nbconvert
 * (`remove_input`), JupyterLab (`jupyter.source_hidden`), nbsphinx and Quarto (`echo: false`).
 */
export function visibilityOf(cell: NotebookCell): CellVisibility {
  const options = optionsOf(cell);
  const { metadata } = cell;
  const jupyter = (metadata.jupyter ?? {}) as JsonObject;
  const tagged = (...tags: string[]): boolean => isTagged(cell, ...tags);
  const removed = tagged('remove-cell') || options.include === false || metadata.nbsphinx === 'hidden';
  const folded = tagged('hide-cell');
  const state = (gone: boolean, hidden: boolean): Visibility =>
    removed || gone ? 'removed' : folded || hidden ? 'folded' : 'shown';
  return {
    source: state(
      tagged('remove-input') || options.echo === false || metadata.hide_input === true,
      tagged('hide-input') || jupyter.source_hidden === true || options['code-fold'] === true,
    ),
    outputs: state(
      tagged('remove-output', 'remove-all-outputs') || options.output === false,
      tagged('hide-output') || jupyter.outputs_hidden === true || metadata.collapsed === true,
    ),
    scrolled:
      metadata.scrolled === true ||
      jupyter.outputs_scrolled === true ||
      tagged('scroll-output', 'output-scroll'),
  };
}

/** The outputs of a cell that may be seen; an error that nobody expected always may, as a report says the truth first. */
export function visibleOutputs(cell: CodeCell, visibility: CellVisibility, expected: boolean): Output[] {
  const options = optionsOf(cell);
  const hidden = {
    stdout: isTagged(cell, 'remove-stdout'),
    stderr: isTagged(cell, 'remove-stderr') || options.warning === false,
  };
  return cell.outputs.filter(output => {
    if (output.output_type === 'error' && !expected) return true;
    if (visibility.outputs === 'removed') return false;
    return output.output_type !== 'stream' || !hidden[output.name];
  });
}
