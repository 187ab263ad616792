import { runPipeline } from '/work/main/pipelines/run.ts';

const [profile, input, out] = process.argv.slice(2);
try {
  const s = await runPipeline({
    profile,
    input,
    out,
    force: true,
    progress: (e) => process.stderr.write(`${e.stage} ${e.done}/${e.total} ${e.unit} ${process.uptime().toFixed(1)}\n`),
  });
  console.log(JSON.stringify(s, null, 1));
} catch (e) {
  console.error(e);
  process.exit(1);
}
