import { text } from '../fields/scalars.ts';
import { code } from '../fields/code.ts';
import { appService } from '../fields/app-service.ts';
import { defineKind, type Kind } from '../kind.ts';

/** Text that presentations include, and statistics that services name: kept, nothing reads them (fields K). */
export const applicationScriptKinds: readonly Kind[] = [
  defineKind({
    path: 'sys/application/apl-script',
    type: 'APL script',
    fields: [code('apiAnonymous'), appService(), text('description')],
  }),
  defineKind({
    path: 'sys/application/custom-stat',
    type: 'custom stat',
    fields: [appService(), text('description'), text('formula'), text('keyspace'), text('measure'), text('tmMap')],
  }),
];
