/**
 * Runs a process until it is told to stop. An error at the start is printed as one sentence, without a stack: it is
 * meant for the operator.
 */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
