import { useCompiledBundles } from '../../compiled.js';

// The evaluator child. What its cells load is Node's affair alone.

const end = useCompiledBundles();
void start();

async function start(): Promise<void> {
  const { serve } = await import('./serve.js');
  serve(process.argv[2]);
  end();
}
