import { writeFile } from 'node:fs/promises';
import { printSchema } from './json-schema.ts';

await writeFile(new URL('../../schema/fairlead.schema.json', import.meta.url), printSchema());
