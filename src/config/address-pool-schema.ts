import { z } from 'zod';
import { addressRange, identifier } from './scalars.ts';

/** Addresses that Services without one of their own get theirs from. */
export const addressPoolSchema = z
  .strictObject({
    name: identifier.describe('Unique; Services choose a pool by it.'),
    ranges: z.array(addressRange).min(1).describe('Networks, ranges or single addresses; IPv4 and IPv6.'),
    namespaces: z.array(z.string().min(1)).min(1).optional().describe('Only Services of these; default: all.'),
  })
  .meta({ description: 'A pool of addresses for virtual servers.' });
