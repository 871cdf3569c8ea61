import { z } from 'zod';

const number = (max: number) => z.int().min(0).max(max).optional();

/** What every source has, whatever it reads. */
export const settingFields = {
  precedence: z
    .int()
    .default(0)
    .describe('Who wins where sources contradict each other: the highest; of one precedence, the oldest object.'),
  poolMembers: z
    .strictObject({
      ratio: z
        .int()
        .min(1)
        .max(65_535)
        .optional()
        .describe('The ratio of members that name none. It counts in pools of a ratio mode (ratio-member).'),
      priorityGroup: number(65_535).describe(
        'The priority group of members that name none. It counts in pools with min-active-members.',
      ),
      connectionLimit: number(4_294_967_295).describe('The connection limit of members that name none; 0 = no limit.'),
      state: z
        .enum(['enabled', 'disabled', 'offline'])
        .optional()
        .describe(
          'disabled = no new connections to any member of the source, offline = none at all; a member that is less by itself stays so.',
        ),
    })
    .describe('What the members of this source are in pools.')
    .prefault({}),
} as const;
