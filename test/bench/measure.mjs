/** Timing and printing for the benchmarks. A row is {what, ours, unit, peers: {name: value}, goal}. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Milliseconds that `work` takes, each of `times` runs. */
export async function timed(times, work) {
  const durations = [];
  for (let run = 0; run < times; run++) {
    const start = performance.now();
    await work(run);
    durations.push(performance.now() - start);
  }
  return durations;
}

const number = value => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

export function printTable(rows) {
  console.log('| what | ours | goal | compared in the same run |');
  console.log('|---|---|---|---|');
  for (const { what, ours, unit = 'ms', goal = '', peers = {}, note } of rows) {
    const compared = Object.entries(peers)
      .map(([name, value]) => `${name} ${number(value)} ${unit} (ours is ${number(ours / value)} ×)`)
      .concat(note ?? [])
      .join('; ');
    console.log(`| ${what} | ${number(ours)} ${unit} | ${goal} | ${compared} |`);
  }
}
