/** One reading of a node's counters. Cumulative unless said otherwise; absent where they cannot be read. */
export interface Counters {
  node: string;
  /** Unix time in milliseconds at which it was read. */
  at: number;
  cpuSeconds?: number;
  /** Bytes in use now. */
  memoryBytes?: number;
  receivedBytes?: number;
  sentBytes?: number;
  readBytes?: number;
  writtenBytes?: number;
  /** Why what is absent cannot be read here, by the group of metrics: `disk` → a clause without a full stop. */
  absent?: Readonly<Record<string, string>>;
}

/** Reads the counters of all nodes of a deployment at once. */
export interface CounterSource {
  read(signal?: AbortSignal): Promise<Counters[]>;
}
