import { expect, it } from 'vitest';
import { foreignRights } from './mysql-grants.ts';

it('names what a user may do beside reading, and on what', () => {
  const lines = [
    "GRANT USAGE ON *.* TO `fairlead`@`%` IDENTIFIED BY PASSWORD '*8A2F'",
    'GRANT SELECT, INSERT, SHOW VIEW, UPDATE (`weight`, `state`) ON `inventory`.* TO `fairlead`@`%`',
    'GRANT SELECT (`id`, `service`), EXECUTE ON `inventory`.`vips` TO `fairlead`@`%`',
    'GRANT ALL PRIVILEGES ON `x`.* TO `fairlead`@`%` WITH GRANT OPTION',
    'GRANT `reader` TO `fairlead`@`%`',
  ];
  expect(foreignRights(lines)).toEqual(['INSERT, UPDATE on inventory.*', 'ALL PRIVILEGES on x.*']);
  expect(JSON.stringify(foreignRights(lines))).not.toContain('8A2F');
});

it('says of many rights the first few', () => {
  const line = 'GRANT INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, SHUTDOWN, FILE ON *.* TO `root`@`localhost`';
  expect(foreignRights([line])).toEqual(['INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, … on *.*']);
});
