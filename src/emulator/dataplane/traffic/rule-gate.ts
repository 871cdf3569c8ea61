import { RuleFailure } from '../../irules/engine.ts';
import type { RuleConnection } from '../../irules/engine.ts';
import { clear } from '../../irules/flow.ts';
import type { Side } from '../../irules/flow.ts';
import type { Gate } from './wire.ts';

const EVENTS = { client: 'CLIENT_DATA', server: 'SERVER_DATA' } as const;

/**
 * What `TCP::collect` holds back on a side of a connection: the event comes as soon as there is enough, and again with each
 * further chunk until the rule lets it go. What is held when the peer ends passes then (K).
 */
export function ruleGate(rules: RuleConnection, side: Side): Gate {
  const held = rules.flow.tcp[side];
  clear(held);
  return (bytes) => {
    if (bytes !== undefined && held.wanted === undefined && held.payload.length + held.passing.length === 0)
      return bytes;
    held.payload = Buffer.concat([held.payload, bytes ?? Buffer.alloc(0)]);
    if (bytes !== undefined && held.wanted !== undefined && held.payload.length >= held.wanted) {
      rules.fire(EVENTS[side]);
      if (rules.flow.end !== undefined) throw new RuleFailure('ended by a rule');
    }
    const isOpen = bytes === undefined || held.wanted === undefined;
    const passed = isOpen ? Buffer.concat([held.passing, held.payload]) : held.passing;
    held.passing = Buffer.alloc(0);
    if (isOpen) held.payload = Buffer.alloc(0);
    return passed;
  };
}
