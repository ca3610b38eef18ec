import type { Expression, ObjectPropertyKind, TSType } from 'oxc-parser';
import { type DeclaredType, UNKNOWN } from './declared-type.js';

/** From the annotation, or where that says nothing that can be checked, from the value. */
export function declaredType(annotation: TSType | undefined, value: Expression | null): DeclaredType {
  const annotated = annotation ? ofAnnotation(annotation) : UNKNOWN;
  return annotated.is === 'unknown' && !isAny(annotation) && value ? ofValue(value) : annotated;
}

const isAny = (annotation: TSType | undefined): boolean =>
  annotation?.type === 'TSAnyKeyword' || annotation?.type === 'TSUnknownKeyword';

function ofAnnotation(node: TSType): DeclaredType {
  switch (node.type) {
    case 'TSBooleanKeyword':
      return { is: 'boolean' };
    case 'TSNumberKeyword':
      return { is: 'number' };
    case 'TSBigIntKeyword':
      return { is: 'bigint' };
    case 'TSStringKeyword':
      return { is: 'string' };
    case 'TSNullKeyword':
      return { is: 'null' };
    case 'TSLiteralType':
      return ofValue(node.literal as Expression, true);
    case 'TSArrayType':
      return { is: 'list', of: ofAnnotation(node.elementType) };
    case 'TSTupleType':
      return { is: 'list', of: UNKNOWN };
    case 'TSParenthesizedType':
      return ofAnnotation(node.typeAnnotation);
    case 'TSTypeOperator':
      return node.operator === 'readonly' ? ofAnnotation(node.typeAnnotation) : UNKNOWN;
    case 'TSUnionType': {
      // No word of a command line means undefined.
      const of = node.types.filter(({ type }) => type !== 'TSUndefinedKeyword').map(ofAnnotation);
      return of.some(({ is }) => is === 'unknown') ? UNKNOWN : { is: 'union', of };
    }
    case 'TSTypeLiteral':
      return {
        is: 'object',
        members: new Map(
          node.members.flatMap(member =>
            member.type === 'TSPropertySignature' && member.key.type === 'Identifier' && member.typeAnnotation
              ? [
                  [
                    member.key.name,
                    orNull(ofAnnotation(member.typeAnnotation.typeAnnotation), member.optional),
                  ] as const,
                ]
              : [],
          ),
        ),
      };
    case 'TSTypeReference': {
      const name = node.typeName.type === 'Identifier' ? node.typeName.name : '';
      if (name === 'Record') return { is: 'object', members: new Map() };
      if (name !== 'Array' && name !== 'ReadonlyArray') return UNKNOWN;
      const [element] = node.typeArguments?.params ?? [];
      return { is: 'list', of: element ? ofAnnotation(element) : UNKNOWN };
    }
    default:
      return UNKNOWN;
  }
}

const orNull = (type: DeclaredType, optional: boolean): DeclaredType =>
  optional && type.is !== 'unknown' ? { is: 'union', of: [type, { is: 'null' }] } : type;

/** `exactly`: as a type, where `'fast'` means this text and no other. */
function ofValue(node: Expression, exactly = false): DeclaredType {
  switch (node.type) {
    case 'Literal': {
      if ('bigint' in node && node.bigint) return { is: 'bigint' };
      const { value } = node;
      // A default of null says nothing about what else there may be.
      if (value === null || value instanceof RegExp)
        return exactly && value === null ? { is: 'null' } : UNKNOWN;
      if (exactly) return { is: 'literal', value };
      return { is: typeof value as 'boolean' | 'number' | 'string' };
    }
    case 'TemplateLiteral':
      return { is: 'string' };
    case 'UnaryExpression': {
      if (node.operator === '!') return { is: 'boolean' };
      const of = node.operator === '-' || node.operator === '+' ? ofValue(node.argument, exactly) : UNKNOWN;
      if (of.is === 'literal' && typeof of.value === 'number')
        return { is: 'literal', value: node.operator === '-' ? -of.value : of.value };
      return of;
    }
    case 'Identifier':
      return node.name === 'NaN' || node.name === 'Infinity' ? { is: 'number' } : UNKNOWN;
    case 'ArrayExpression': {
      const types = node.elements.map(one => (one && one.type !== 'SpreadElement' ? ofValue(one) : UNKNOWN));
      const [first] = types;
      const alike = first && types.every(({ is }) => is === first.is && is !== 'list' && is !== 'object');
      return { is: 'list', of: alike ? first : UNKNOWN };
    }
    case 'ObjectExpression':
      return { is: 'object', members: new Map(node.properties.flatMap(member)) };
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return ofValue(node.expression);
    default:
      return UNKNOWN;
  }
}

function member(property: ObjectPropertyKind): Array<[string, DeclaredType]> {
  if (property.type !== 'Property' || property.computed) return [];
  const { key } = property;
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
  return name === undefined ? [] : [[name, ofValue(property.value)]];
}
