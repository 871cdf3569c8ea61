import { writeFile } from 'node:fs/promises';
import { printSchema } from '../config/json-schema.ts';
import { publishedEmulatorSchema } from './emulator-schema.ts';

await writeFile(new URL('../../schema/emulator.schema.json', import.meta.url), printSchema(publishedEmulatorSchema()));
