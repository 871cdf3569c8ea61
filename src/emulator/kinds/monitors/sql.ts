import type { Field } from '../field.ts';
import { numberOrWord, text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import type { Kind } from '../kind.ts';
import { monitorKind } from './monitor-kind.ts';

/** `count` is how many probes share a connection, 0 for all of them. */
const fields: readonly Field[] = [
  numberOrWord('count', '0'),
  text('database'),
  word('debug', ['no', 'yes']),
  secret('password'),
  text('recv'),
  text('recvColumn'),
  text('recvRow'),
  text('send'),
  text('username'),
];

function sqlMonitorKind(name: string): Kind {
  return monitorKind({ name, root: name, pace: [30, 91], opaque: true, fields });
}

/** Monitors that ask a database (recorded for mysql on 15.1; the others are alike, K). */
export const sqlMonitorKinds: readonly Kind[] = ['mssql', 'mysql', 'oracle', 'postgresql'].map(sqlMonitorKind);
