import type { Expression, Statement } from 'oxc-parser';
import { isTagged } from '../ipynb/cell-options.js';
import type { CodeCell } from '../ipynb/notebook.js';

/** Lines that only this kernel's folder and environment depend on; not those that need values of cells. */
const STATE = /^[ \t]*%(?:cd|env)\b[^{}\n]*$/;

/**
 * What of a cell that ran before is run again by a new kernel: all of it where it is tagged so or only defines something (imports,
 * functions, classes, types, constants), else its lines of `%cd` and `%env`. Undefined where nothing is.
 */
export async function replayOf(cell: CodeCell): Promise<string | undefined> {
  if (isTagged(cell, 'parameters', 'injected-parameters', 'setup')) return cell.source;
  const lines = cell.source.split('\n');
  if (!/^\s*%%/.test(cell.source)) {
    const code = lines
      .map(line => (STATE.test(line) || /^\s*(?:#\s?\||\/\/\|)/.test(line) ? '' : line))
      .join('\n');
    if (await onlyDefines(code)) return cell.source;
  }
  const state = /^\s*%%/.test(cell.source) ? [] : lines.filter(line => STATE.test(line));
  return state.length > 0 ? state.join('\n') : undefined;
}

async function onlyDefines(code: string): Promise<boolean> {
  const { parseSync } = await import('oxc-parser');
  const { program, errors } = parseSync('cell.ts', code);
  return errors.length === 0 && program.body.every(statement => defines(statement as Statement));
}

function defines(statement: Statement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'FunctionDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
    case 'EmptyStatement':
      return true;
    case 'ExportNamedDeclaration':
      return statement.declaration === null || defines(statement.declaration as Statement);
    case 'ClassDeclaration':
      return (
        !statement.decorators?.length &&
        statement.body.body.every(
          member =>
            member.type !== 'StaticBlock' &&
            !('static' in member && member.static && member.type === 'PropertyDefinition'),
        )
      );
    case 'VariableDeclaration':
      return statement.declarations.every(
        ({ id, init }) => id.type === 'Identifier' && (init === null || isInert(init)),
      );
    default:
      return false;
  }
}

/** Nothing happens when it is evaluated. */
function isInert(node: Expression): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(isInert);
    case 'UnaryExpression':
      return node.operator !== 'delete' && isInert(node.argument);
    case 'BinaryExpression':
      return isInert(node.left as Expression) && isInert(node.right);
    case 'ArrayExpression':
      return node.elements.every(one => one === null || (one.type !== 'SpreadElement' && isInert(one)));
    case 'ObjectExpression':
      return node.properties.every(one => one.type === 'Property' && !one.computed && isInert(one.value));
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return isInert(node.expression);
    default:
      return false;
  }
}
