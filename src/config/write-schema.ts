import { writeFile } from 'node:fs/promises';
import { printStateSchema } from '../sources/state/json-schema.ts';
import { printSchema } from './json-schema.ts';

const folder = new URL('../../schema/', import.meta.url);
await writeFile(new URL('fairlead.schema.json', folder), printSchema());
await writeFile(new URL('state.schema.json', folder), printStateSchema());
