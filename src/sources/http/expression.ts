import { TreeInterpreter, compile, isRegistered } from '@jmespath-community/jmespath';
import type { JSONValue } from '@jmespath-community/jmespath';

/** An expression that is ready, or what is wrong with it. */
export type Compiled = { readonly evaluate: (document: unknown) => unknown } | { readonly problem: string };

/** Makes a JMESPath expression ready. What it evaluates to may still fail on a document: `evaluate` throws then. */
export function compileExpression(text: string): Compiled {
  try {
    const tree = compile(text);
    const unknown = functionsOf(tree).find((name) => !isRegistered(name));
    if (unknown !== undefined) return { problem: `there is no function ${unknown}` };
    return { evaluate: (document) => TreeInterpreter.search(tree, document as JSONValue) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'it cannot be read' };
  }
}

function functionsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, name } = node as { readonly type?: unknown; readonly name?: unknown };
  const own = type === 'Function' && typeof name === 'string' ? [name] : [];
  return [...own, ...Object.values(node).flatMap(functionsOf)];
}
