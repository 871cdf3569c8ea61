import { asRecord, parseJson } from './json.ts';

/** What flannel's own configuration says of its VXLAN. */
export interface FlannelNetConf {
  readonly vni?: number;
  readonly port?: number;
  readonly backend?: string;
}

/** What is known of flannel's own configuration. */
export interface SeenNetConf {
  /** What it said when it was last understood; undefined: it never was, or there is none. */
  readonly conf?: FlannelNetConf | undefined;
  /** Why it cannot be understood as it is now. */
  readonly problem?: string;
}

const HIGHEST = { VNI: 16_777_215, Port: 65_535 } as const;

/** Reads `net-conf.json` (ConfigMap kube-flannel-cfg) or the key `config` in etcd. */
export function readNetConf(text: string): SeenNetConf {
  const fields = asRecord(parseJson(text));
  if (fields === undefined) return { problem: 'flannel’s configuration is no map in JSON' };
  const { Backend } = fields;
  if (Backend === undefined || Backend === null) return { conf: {} };
  const backend = asRecord(Backend);
  if (backend === undefined) return { problem: told('Backend', Backend, 'a map such as {"Type":"vxlan"}') };
  const { Type: type, VNI: vni, Port: port } = backend;
  for (const [name, value] of Object.entries({ VNI: vni, Port: port })) {
    const highest = HIGHEST[name as keyof typeof HIGHEST];
    const isNumber = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= highest;
    if (value !== undefined && !isNumber)
      return { problem: told(`Backend.${name}`, value, `a number up to ${highest}`) };
  }
  return {
    conf: {
      ...(typeof type === 'string' ? { backend: type } : {}),
      ...(typeof vni === 'number' ? { vni } : {}),
      // The kernel takes its own default where the port is 0.
      ...(typeof port === 'number' && port > 0 ? { port } : {}),
    },
  };
}

function told(field: string, found: unknown, expected: string): string {
  return `in flannel’s configuration ${field} is ${JSON.stringify(found)}, expected ${expected}`;
}
