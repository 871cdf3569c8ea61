import type * as Library from '@jmespath-community/jmespath';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Every verb reads the configuration, and few configurations have an expression: only they pay for the library. */
function library(): typeof Library {
  return require('@jmespath-community/jmespath') as typeof Library;
}

/** An expression that is ready, or what is wrong with it. */
export type Compiled = { readonly evaluate: (document: unknown) => unknown } | { readonly problem: string };

/** Makes a JMESPath expression ready. What it evaluates to may still fail on a document: `evaluate` throws then. */
export function compileExpression(text: string): Compiled {
  const { TreeInterpreter, compile, isRegistered } = library();
  try {
    const tree = compile(text);
    const unknown = functionsOf(tree).find((name) => !isRegistered(name));
    if (unknown !== undefined) return { problem: `there is no function ${unknown}` };
    return { evaluate: (document) => TreeInterpreter.search(tree, document as Library.JSONValue) };
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
