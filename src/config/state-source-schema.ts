import { z } from 'zod';
import { filePath } from './scalars.ts';

/** Files with the desired state itself. */
export const stateSourceSchema = z
  .strictObject({
    paths: z
      .array(filePath)
      .min(1)
      .describe('Files with objects (YAML or JSON), or patterns of them such as ./state/*.yaml, watched for changes.'),
    allowEmpty: z.boolean().default(false).describe('A file without an object is meant so, and what it gave may go.'),
  })
  .meta({ description: 'Files with the objects of the device: kind: VirtualServer, kind: Pool …' });
