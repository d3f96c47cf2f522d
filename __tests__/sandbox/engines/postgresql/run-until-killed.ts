/** A process that runs a PostgreSQL server and is then killed by a test: `node --import tsx run-until-killed.ts <project root>`. */
import { PostgresBench } from './postgres-bench';

async function main(): Promise<void> {
  const [root] = process.argv.slice(2);
  const bench = await PostgresBench.open(root);
  await bench.create('victim');
  console.log(bench.directory('victim'));
  setInterval(() => undefined, 60_000);
}

void main();
