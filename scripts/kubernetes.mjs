import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseAllDocuments } from 'yaml';

const FOLDER = 'deploy/kubernetes';
/** Of kustomize, not of Kubernetes; `kubectl kustomize` reads them. */
const NOT_OF_KUBERNETES = new Set(['Kustomization']);
const require = createRequire(import.meta.url);

/**
 * Checks each manifest against the schema of its kind in Kubernetes 1.27 (npm package `kubernetes-models`), which is
 * stable for the kinds used here.
 * @returns one sentence per manifest that does not match, and the number of those that do
 */
export function checkManifests(folder = FOLDER) {
  const found = { wrong: [], valid: 0 };
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  for (const file of files) {
    for (const document of parseAllDocuments(readFileSync(`${folder}/${file}`, 'utf8'))) {
      const manifest = document.toJS();
      if (NOT_OF_KUBERNETES.has(manifest?.kind)) continue;
      const problem = problemOf(manifest);
      if (problem === undefined) found.valid += 1;
      else found.wrong.push(`${folder}/${file}, ${manifest?.kind} ${manifest?.metadata?.name}: ${problem}`);
    }
  }
  return found;
}

function problemOf(manifest) {
  try {
    const Kind = require(`kubernetes-models/${manifest.apiVersion}`)[manifest.kind];
    if (Kind === undefined) return `${manifest.apiVersion} has no such kind`;
    new Kind(manifest).validate();
    return undefined;
  } catch (error) {
    return error.message;
  }
}
