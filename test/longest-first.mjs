import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';

/** Suites that mostly wait for browsers, programs or servers that they start. */
const STARTS_OTHERS = /launchBrowser|support\/(?:processes|system-postgres|cli)\.js|process\.execPath/;

/** Estimates the milliseconds of a suite that this machine has not run yet, from its content. */
function guess(file) {
  const text = readFileSync(file, 'utf8');
  if (STARTS_OTHERS.test(text)) return 10_000 + text.length;
  return /\.(?:e2e|db)-spec\.ts$/.test(file) ? text.length / 3 : text.length / 30;
}

/** Starts the longest suites first, so that no worker has one left at the end. The runner remembers their last durations. */
export class LongestFirst extends BaseSequencer {
  async sort(files) {
    const { cache, config } = this.ctx;
    const times = new Map(
      files.map((file) => {
        const known = cache.getFileTestResults(`${file.project.name}:${relative(config.root, file.moduleId)}`);
        return [file, known?.duration ?? guess(file.moduleId)];
      }),
    );
    return files.toSorted((one, other) => times.get(other) - times.get(one));
  }
}
