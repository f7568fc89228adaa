import { crashedServers } from "./process";

/** Far beyond what a loaded machine needs: nothing here takes more than a minute on a quiet one. */
const limit = 900;
/** Seconds after which a wait says that it goes on. */
const reminder = 60;

/**
 * Asks until the answer is there. Ends early when a server of the suite has ended, and after a quarter of an hour, with
 * what was waited for and the last error.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { every = 0.25 }: { every?: number } = {},
): Promise<T> {
  const start = Date.now();
  let reminded = 0;
  let last = "";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = "";
    } catch (error) {
      last = `; last: ${error instanceof Error ? error.message : String(error)}`;
    }
    const waited = Math.floor((Date.now() - start) / 1000);
    const [crash] = crashedServers();
    if (crash !== undefined) throw new Error(`${what}: ${crash}${last}`);
    if (waited > limit) throw new Error(`${what}: not within ${limit} s${last}`);
    if (waited >= reminded + reminder) {
      reminded = waited;
      process.stderr.write(`  ${what}: waiting for ${waited} s${last}\n`);
    }
    await pause(every);
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Does something again and again until `stop`; an error is printed, and the next pass tries again. */
export function repeat(
  name: string,
  seconds: number,
  pass: () => Promise<void>,
): { passes: () => number; stop: () => Promise<void> } {
  const state = { running: true, passes: 0 };
  const loop = (async () => {
    while (state.running) {
      try {
        await pass();
        state.passes += 1;
      } catch (error) {
        process.stderr.write(`  ${name}: ${String(error)}\n`);
      }
      await pause(seconds);
    }
  })();
  return {
    passes: () => state.passes,
    stop: () => {
      state.running = false;
      return loop;
    },
  };
}
