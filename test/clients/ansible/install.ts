import { buildAnsible } from './client.ts';

await buildAnsible();
process.stdout.write('clients: Ansible is installed\n');
