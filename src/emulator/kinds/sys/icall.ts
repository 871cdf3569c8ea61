import type { Field } from '../field.ts';
import { code } from '../fields/code.ts';
import { namedItems } from '../fields/items.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';

function handlerKind(name: string, fields: readonly Field[]): Kind {
  return defineKind({
    path: `sys/icall/handler/${name}`,
    type: 'iCall handler',
    class: 'sys/icall/handler',
    fields: [
      appService(),
      text('description'),
      namedItems('arguments', (given) => given),
      reference('script', { target: 'sys/icall/script' }),
      word('status', ['active', 'inactive']),
      ...fields,
    ],
  });
}

/** Scripts that the device runs by itself, and when: kept, not run (defaults K). */
export const icallKinds: readonly Kind[] = [
  defineKind({
    path: 'sys/icall/script',
    type: 'iCall script',
    fields: [
      appService(),
      { ...code('definition'), default: 'none' },
      text('description'),
      text('events', { default: 'none' }),
    ],
  }),
  handlerKind('periodic', [integer('interval', 300), text('firstOccurrence'), text('lastOccurrence')]),
  handlerKind('perpetual', [namedItems('subscriptions', (given) => given)]),
  handlerKind('triggered', [namedItems('subscriptions', (given) => given)]),
  defineKind({
    path: 'sys/icall/istats-trigger',
    type: 'iStats trigger',
    fields: [
      appService(),
      text('description'),
      integer('duration', 0),
      text('eventName'),
      text('istatsKey'),
      text('rangeMax'),
      text('rangeMin'),
      integer('repeat', 0),
    ],
  }),
];
