import { fileAt } from '../../../core/contract/manifest.ts';
import type { CityFacts } from '../../../core/evaluate/backtest/city-facts.ts';
import { readFile } from '../snapshot/read-file.ts';
import { readCityFacts, replayJob } from './replay-job.ts';
import type { ReplayReply, ReplayRequest } from './replay-messages.ts';

/** One replay at a time; whoever asks another one ends the worker. The incidents stay for the next threshold. */
let held: { readonly snapshot: string; readonly facts: CityFacts } | null = null;

self.onmessage = ({ data }: MessageEvent<ReplayRequest>) => {
  void answer(data).then(say, (thrown: unknown) =>
    say({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
};

async function answer(request: ReplayRequest): Promise<ReplayReply> {
  const { manifest } = request;
  if (held?.snapshot !== manifest.snapshot) {
    const bytes = (path: string) => readFile(fetch, fileAt(manifest, path));
    const facts = await readCityFacts(request, bytes, (done, total) => say({ kind: 'reading', done, total }));
    held = { snapshot: manifest.snapshot, facts };
  }
  say({ kind: 'counting' });
  return { kind: 'answer', answer: replayJob(held.facts, request) };
}

function say(reply: ReplayReply): void {
  self.postMessage(reply);
}
