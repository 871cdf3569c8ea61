import { identifierMissing } from '../errors/mcp.ts';
import { qualify } from '../names/full-path.ts';
import type { Hooks } from './kind.ts';

/** Hooks of lists of settings whose items are in no partition, and yet are called `/Common/x` (recorded: SNMP, remote roles). */
export const namedByPath: Hooks = {
  identify: ({ name, partition }) => {
    if (typeof name !== 'string' || name === '') {
      throw identifierMissing();
    }
    const folder = typeof partition === 'string' && partition !== '' ? `/${partition}` : '/Common';
    const fullPath = qualify(name, folder);
    return { name: fullPath, fullPath };
  },
};
