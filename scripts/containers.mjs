// Checks the container files without a Docker engine: they are well-formed, match each other and the code, and follow
// the rules below. The manifests for Kubernetes match its schemas. It cannot check that the image builds or the services start.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { checkManifests } from './kubernetes.mjs';

const wrong = [];
const complain = (sentence) => wrong.push(sentence);
const read = (file) => readFileSync(file, 'utf8');

/** True for a tag of a single release: three numbers (PostgreSQL has two), a digest, or our own image's version. */
const isPinned = (image) =>
  /^(postgres:\d+\.\d+(-\w+)?|[\w./-]+:v?\d+\.\d+\.\d+(-[\w-]+)?|.+@sha256:[0-9a-f]{64}|starwall:\$\{STARWALL_VERSION:-[\d.]+\})$/.test(
    image,
  );
/** The TypeScript source of a compiled file. */
const sourceOf = (argument) => argument.replace(/^dist\//, '').replace(/\.js$/, '.ts');
function checkCommand(where, command) {
  for (const argument of command.filter((each) => /\.m?js$/.test(each))) {
    if (!existsSync(sourceOf(argument))) complain(`${where}: ${argument} has no source ${sourceOf(argument)}`);
  }
}

function checkDockerfile() {
  const text = read('Dockerfile');
  for (const { message, range } of validate(text))
    complain(`Dockerfile, line ${range.start.line + 1}: ${JSON.stringify(message)}`);
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const all = (instruction) => lines.filter((line) => line.startsWith(`${instruction} `));
  const stages = new Set();
  for (const [, image, name] of all('FROM').map((line) => /^FROM (\S+)(?: AS (\S+))?$/.exec(line) ?? [])) {
    if (!stages.has(image) && !isPinned(image ?? '')) complain(`Dockerfile: ${image} is not pinned to a version`);
    stages.add(name);
  }
  for (const line of all('COPY')) {
    const from = /--from=(\S+)/.exec(line)?.[1];
    if (from !== undefined && !stages.has(from)) complain(`Dockerfile: there is no stage ${from}`);
    const sources = from === undefined ? line.split(/\s+/).slice(1, -1) : [];
    for (const source of sources)
      if (!existsSync(source)) complain(`Dockerfile: COPY of ${source}, which does not exist`);
  }
  const user = all('USER').at(-1)?.split(' ')[1];
  if (user === undefined || user === 'root' || user === '0') complain('Dockerfile: the image runs as root');
  const health = all('HEALTHCHECK').at(-1);
  if (!/ CMD \[.*\]$/.test(health ?? '')) complain('Dockerfile: no health check in exec form');
  try {
    checkCommand('Dockerfile', JSON.parse(all('CMD').at(-1)?.slice('CMD '.length) ?? ''));
  } catch {
    complain('Dockerfile: no command in exec form');
  }
}

const isOneShot = (service) => service.restart === 'no';
const isChecked = (service) =>
  service.healthcheck === undefined ? service.build !== undefined : service.healthcheck.disable !== true;

/** The only service that others reach from outside. */
const PROXY = 'caddy';

function checkService(name, service, compose) {
  const say = (sentence) => complain(`docker-compose.yml, ${name}: ${sentence}`);
  if (!isPinned(service.image ?? '')) say(`the image ${service.image} is not pinned to a version`);
  if (service.restart === undefined) say('has no restart policy');
  if (!isOneShot(service) && !isChecked(service)) say('has no health check');
  if (service.privileged || service.network_mode === 'host') say('is not isolated from the host');
  if (service.build && !(service.read_only && service.cap_drop?.includes('ALL')))
    say('is not read-only without capabilities');
  checkCommand(`docker-compose.yml, ${name}`, Array.isArray(service.command) ? service.command : []);

  for (const [other, how] of Object.entries(service.depends_on ?? {})) {
    const target = compose.services[other];
    if (target === undefined) say(`depends on ${other}, which does not exist`);
    else if (how.condition === 'service_healthy' && !isChecked(target))
      say(`waits for the health of ${other}, which has no health check`);
    else if (how.condition === 'service_completed_successfully' && !isOneShot(target))
      say(`waits for ${other} to complete, which keeps running`);
    else if (!['service_healthy', 'service_completed_successfully'].includes(how.condition))
      say(`does not wait for ${other} to be healthy or complete`);
  }
  for (const [variable, value] of Object.entries(service.environment ?? {})) {
    const text = String(value ?? '');
    const secret = /PASSWORD|SECRET|TOKEN|_KEY/.test(variable) || /:\/\/[^/@]*:[^/@]*@/.test(text);
    if (secret && !text.includes('${')) say(`${variable} is hard-coded; take it from .env`);
    if (/:\/\/[^/@:]*:(?!\$\{)[^/@]*@/.test(text)) say(`${variable} contains a password; take it from .env`);
  }
  for (const port of name === PROXY ? [] : (service.ports ?? []))
    if (!String(port).startsWith('127.0.0.1:')) say(`publishes ${port} beyond 127.0.0.1`);
  for (const volume of service.volumes ?? []) {
    const source = String(volume).split(':')[0];
    if (/^[./]/.test(source)) {
      if (!existsSync(source)) say(`mounts ${source}, which does not exist`);
    } else if (!(source in (compose.volumes ?? {}))) say(`uses the volume ${source}, which does not exist`);
  }
  for (const network of Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {}))
    if (!(network in (compose.networks ?? {}))) say(`there is no network ${network}`);
}

/** All variables that the programs read: from the tables in libs/runtime, and directly in the apps. */
function variablesInCode() {
  const names = new Set();
  for (const file of ['config.ts', 'key-config.ts']) {
    const table = /= z\.object\(\{([\s\S]*?)\n\}\);/.exec(read(`libs/runtime/src/${file}`))?.[1] ?? '';
    const found = [...table.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map((match) => match[1]);
    if (found.length < 5)
      complain(`scripts/containers.mjs: cannot find the table of variables in libs/runtime/src/${file}`);
    for (const name of found) names.add(name);
  }
  for (const file of readdirSync('apps', { recursive: true, encoding: 'utf8' })) {
    if (!/(main|settings)\.ts$/.test(file)) continue;
    for (const match of read(`apps/${file}`).matchAll(/env\['([A-Z0-9_]+)'\]/g)) names.add(match[1]);
  }
  return names;
}

/** Variables that compose deliberately does not pass on, with the reason. */
const NOT_IN_COMPOSE = new Map([
  ['HOST', 'the image sets it'],
  ['STARWALL_DATA_DIR', 'the image sets it'],
  ['METRICS_PORT', 'each container has its own address'],
  ['SIMULATOR_PORT', 'only npm start reads it; compose publishes the port'],
  ['STARWALL_MASTER_KEY_FILE', 'no host file is mounted'],
  ['DANGEROUS_LOOPBACK_WEBHOOKS', 'refused in production'],
  ['DATABASE_BELL_URL', 'compose has Redis and no pooler'],
  ['DATABASE_PREPARED_STATEMENTS', 'compose has no pooler'],
  ['STARWALL_URL', 'only the command line reads it'],
  ['STARWALL_API_KEY', 'only the command line reads it'],
]);

/** Checks that every setting of the code is passed from .env to the containers. */
function checkPassedOn(inCode, inCompose, services) {
  const given = new Set(Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment)));
  for (const name of inCode) {
    if (NOT_IN_COMPOSE.has(name) || given.has(name) || inCompose.has(name)) continue;
    complain(
      `docker-compose.yml: does not pass ${name} on, which the code reads; pass it, or add it to ` +
        'NOT_IN_COMPOSE of this script',
    );
  }
  for (const name of NOT_IN_COMPOSE.keys()) {
    if (!inCode.has(name)) complain(`scripts/containers.mjs: nothing reads ${name}, an exception without a reason`);
    if (given.has(name) && name !== 'HOST')
      complain(`scripts/containers.mjs: ${name} is passed on, so it is no exception`);
  }
}

function checkVariables(compose, services) {
  const documented = new Set([...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map((match) => match[1]));
  const inCompose = new Set([...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map((match) => match[1]));
  const inCode = variablesInCode();
  for (const name of new Set([...inCode, ...inCompose])) {
    if (!documented.has(name)) complain(`.env.example: does not explain ${name}`);
  }
  checkPassedOn(inCode, inCompose, services);
  for (const name of documented) {
    if (!inCode.has(name) && !inCompose.has(name)) complain(`.env.example: nothing reads ${name}`);
  }
  for (const [, name, value] of read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=(.+)$/gm)) {
    complain(`.env.example: ${name} has the value ${value}; examples must be empty, because people run with them`);
  }
}

checkDockerfile();
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true });
for (const [name, service] of Object.entries(compose.services)) checkService(name, service, compose);
checkVariables(text, compose.services);
const manifests = checkManifests();
manifests.wrong.forEach(complain);

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(
  `Dockerfile, docker-compose.yml (${Object.keys(compose.services).join(', ')}) and .env.example fit each other and the code; ${manifests.valid} manifests match the schemas of Kubernetes.`,
);
