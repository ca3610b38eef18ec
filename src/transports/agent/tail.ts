/** The newest bytes of a stream, at most `limit`, and how many were left out. */
export class Tail {
  dropped = 0;
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size - this.chunks[0]!.length >= this.limit) this.forget(this.chunks.shift()!.length);
  }

  take(): Buffer {
    const all = Buffer.concat(this.chunks);
    const surplus = Math.max(0, all.length - this.limit);
    this.dropped += surplus;
    return surplus ? all.subarray(surplus) : all;
  }

  private forget(bytes: number): void {
    this.size -= bytes;
    this.dropped += bytes;
  }
}
