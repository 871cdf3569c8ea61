import type { MonitorConfig } from '../dataplane/model.ts';
import { revealed } from '../kinds/fields/secret.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';
import { monitorTls } from './tls.ts';

type Values = Readonly<Record<string, unknown>>;

function texts(values: Values, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]]] : [])));
}

/** Properties that the data plane gets in clear, under these names. */
const secrets = ['password', 'secret'] as const;

function secretsOf(values: Values): Pick<MonitorConfig, 'password' | 'secret'> {
  return Object.fromEntries(
    secrets.flatMap((name) => {
      const plain = revealed(values[name]);
      return plain === undefined ? [] : [[name, plain]];
    }),
  );
}

/** How an adaptive monitor judges; latencies are those of the network, and are not scaled. */
function adaptiveOf(values: Values): Pick<MonitorConfig, 'adaptive'> {
  return values['adaptive'] === 'enabled'
    ? {
        adaptive: {
          divergence: Number(values['adaptiveDivergenceValue'] ?? 25),
          isRelative: values['adaptiveDivergenceType'] !== 'absolute',
          limitMs: Number(values['adaptiveLimit'] ?? 200),
          timespanMs: Number(values['adaptiveSamplingTimespan'] ?? 300) * 1000,
        },
      }
    : {};
}

/** A monitor of `ltm` or `gtm` with its inherited values. */
export function monitorConfig(monitor: ConfigObject, device: Device): MonitorConfig {
  const values = effectiveValues(monitor, device.store);
  const [module = '', , type = ''] = monitor.kind.path.split('/');
  const [interval, timeout] = module === 'gtm' ? [30, 120] : [5, 16];
  const tls = monitorTls(values, device);
  return {
    fullPath: monitor.fullPath,
    type,
    interval: Number(values['interval'] ?? interval),
    timeout: Number(values['timeout'] ?? timeout),
    upInterval: Number(values['upInterval'] ?? 0),
    timeUntilUp: Number(values['timeUntilUp'] ?? 0),
    reverse: values['reverse'] === 'enabled',
    manualResume: values['manualResume'] === 'enabled',
    ...texts(values, ['send', 'recv', 'recvDisable', 'destination']),
    ...adaptiveOf(values),
    settings: Object.fromEntries(
      Object.entries(values).filter(([name]) => !(secrets as readonly string[]).includes(name)),
    ),
    ...secretsOf(values),
    ...(tls === undefined ? {} : { tls }),
  };
}
