import type { DockerSourceConfig } from '../config/docker-source-schema.ts';
import type { Config } from '../config/schema.ts';
import type { DockerSourceOptions } from '../sources/docker/index.ts';
import type { TablePlace } from './table-options.ts';
import { tableOptions } from './table-options.ts';
import { tlsReader } from './tls-options.ts';

const USUAL_SOCKET = '/var/run/docker.sock';

/** What a source of containers is made with, from the config; PEM files are read at each connect. Labels are named after fields: there is no mapping. */
export function dockerSourceOptions(
  config: Config,
  place: TablePlace,
  docker: DockerSourceConfig,
): DockerSourceOptions {
  const { socket, url, members, network, hostAddress, unhealthy, badRows, allowEmpty } = docker;
  return {
    ...tableOptions(config, place, { mapping: {}, badRows, allowEmpty }),
    engine: url === undefined ? { socket: socket ?? USUAL_SOCKET } : { url },
    tls: tlsReader(docker, `source ${place.source.name}: docker`),
    members,
    network,
    hostAddress,
    unhealthy,
  };
}
