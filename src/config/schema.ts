import { z } from 'zod';
import { descriptors } from '../ir/objects.ts';
import { addressPoolSchema } from './address-pool-schema.ts';
import { defaultsSchema } from './defaults-schema.ts';
import { duration, identifier } from './scalars.ts';
import { sourceSchema } from './source-schema.ts';
import { targetSchema } from './target-schema.ts';

const deletes = z
  .strictObject({
    objects: z.int().min(0).default(10).describe('More than this many objects …'),
    share: z.number().min(0).max(1).default(0.3).describe('… and more than this share of what is owned, 0 to 1.'),
    members: z
      .int()
      .min(0)
      .default(1)
      .describe(
        'Where members of a pool are written one by one: more than so many fewer, and more than the share of ours in it.',
      ),
  })
  .describe('Deletes above both limits at once wait for a person (--allow-deletes).');

const objectReference = z
  .string()
  .regex(new RegExp(`^(${Object.keys(descriptors).join('|')}):/\\S+$`))
  .meta({ id: 'objectReference', description: 'KIND:/PARTITION/NAME, such as pool:/kubernetes/web' });

const adopt = z
  .union([z.enum(['none', 'all']), z.array(objectReference)])
  .describe('none, all, or a list of objects such as pool:/kubernetes/web: existing objects that are taken over');

const safety = z
  .strictObject({
    deletes: deletes.prefault({}),
    adopt: adopt.default('none'),
    keepMemberState: z
      .boolean()
      .default(false)
      .describe('Leave members that a person disabled on the device as they are.'),
  })
  .describe('What is not done without being asked.');

const run = z
  .strictObject({
    driftInterval: duration.prefault('5m').describe('How often the whole device is read and compared.'),
    drift: z
      .enum(['revert', 'report'])
      .default('revert')
      .describe('What was changed on the device by hand: put back, or only reported until its origin changes.'),
    settle: duration.prefault('50ms').describe('How long changes are collected before they are applied.'),
    idle: duration.prefault('5s').describe('Quiet time after which the device saves and unused nodes are removed.'),
    grace: duration.prefault('20s').describe('How long work under way may take after a signal, before it is cut.'),
    retry: z
      .strictObject({
        initial: duration.prefault('1s').describe('First wait after a failure; it doubles each time.'),
        max: duration.prefault('1m').describe('Longest wait.'),
      })
      .describe('Waits when the device or a source is away.')
      .prefault({}),
  })
  .describe('Timing of the continuous run. Durations: 500ms, 30s, 5m, 1h.');

const log = z
  .strictObject({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info').describe('What is logged.'),
    format: z.enum(['json', 'text']).default('json').describe('JSON lines, or text for people.'),
  })
  .describe('Logs of the continuous run, on standard error.');

/** The config file. */
export const configSchema = z
  .strictObject({
    instance: identifier.describe(
      'Id in the marks on the device. Instances with different ids never touch each other’s objects.',
    ),
    sources: z.array(sourceSchema).min(1).describe('Where configuration is read from.'),
    targets: z.array(targetSchema).min(1).describe('The devices. Each gets the whole, by a plan of its own.'),
    addressPools: z.array(addressPoolSchema).default([]).describe('Addresses for Services that ask for none.'),
    defaults: defaultsSchema.prefault({}),
    safety: safety.prefault({}),
    run: run.prefault({}),
    log: log.prefault({}),
  })
  .meta({ title: 'fairlead.yaml', description: 'Configuration of Fairlead.' });

/** The config file, read, checked and completed with defaults. Durations are milliseconds. */
export type Config = z.output<typeof configSchema>;
