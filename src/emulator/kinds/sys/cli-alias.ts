import { text } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';

function aliasKind(scope: 'shared' | 'private'): Kind {
  return defineKind({
    path: `cli/alias/${scope}`,
    type: 'CLI alias',
    fields: [text('tmCommand'), text('description')],
    stock:
      scope === 'shared'
        ? [{ name: 'bash', values: { tmCommand: 'run /util bash', description: 'Run the bash shell' } }]
        : [],
  });
}

/** Aliases of tmsh, as recorded on 13.1: of all users, and of one. */
export const cliAliasKinds: readonly Kind[] = [aliasKind('shared'), aliasKind('private')];
