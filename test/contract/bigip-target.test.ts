import { readFileSync } from 'node:fs';
import type { TargetHarness } from './target.ts';
import { bigipHarness } from './bigip-harness.ts';
import { testTarget } from './target.ts';

/**
 * The contract on a real BIG-IP: `FAIRLEAD_TEST_BIGIP_URL`, `FAIRLEAD_TEST_BIGIP_USER` and
 * `FAIRLEAD_TEST_BIGIP_PASSWORD_FILE`; `FAIRLEAD_TEST_BIGIP_CA_FILE` if its certificate is to be verified. It makes and
 * removes partitions named `contract_…` and nodes in `/Common` of the same name, with addresses for documentation.
 */
const {
  FAIRLEAD_TEST_BIGIP_URL: url,
  FAIRLEAD_TEST_BIGIP_USER: username,
  FAIRLEAD_TEST_BIGIP_PASSWORD_FILE: passwordFile,
  FAIRLEAD_TEST_BIGIP_CA_FILE: caFile,
} = process.env;

function makeHarness(): (() => Promise<TargetHarness>) | string {
  if (url === undefined || username === undefined || passwordFile === undefined) {
    return 'set FAIRLEAD_TEST_BIGIP_URL, FAIRLEAD_TEST_BIGIP_USER and FAIRLEAD_TEST_BIGIP_PASSWORD_FILE to run it';
  }
  const password = readFileSync(passwordFile, 'utf8').trimEnd();
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') };
  return () => bigipHarness({ url, username, password, ...ca });
}

testTarget('a real BIG-IP', makeHarness());
