import type { RunningServer } from './start-server.ts';

/** Exit codes of a program ended by these signals, as a shell reports them. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Serves until Ctrl-C, SIGTERM or a closed terminal, lets answers under way finish, and says which code to exit with. */
export async function untilSignal(server: RunningServer): Promise<number> {
  const code = await new Promise<number>((resolve) => {
    for (const [signal, exit] of Object.entries(SIGNAL_EXIT)) {
      process.once(signal, () => resolve(exit));
    }
  });
  await server.close();
  return code;
}
